-- Job Starter, version 13: jobs that need the permits of keys in order to run, and orders of
-- jobs. Version 12 goes on working on these tables, but knows no limits: update the workers
-- before jobs with keys are enqueued.
--
-- To run this by hand, replace ${prefix} as in version 1. It can be run again.

alter table ${prefix}job
    add column if not exists limits    longtext,          -- the keys that it needs, one a line
    add column if not exists order_key varchar(400);      -- the one of them that is an order
alter table ${prefix}dead_letter
    add column if not exists limits    longtext,          -- of the job, for the one that is enqueued in its place
    add column if not exists order_key varchar(400);

create index if not exists ${prefix}job_order on ${prefix}job (order_key, id);

-- A key: how many jobs hold it. Whoever changes that locks the row first, before the rows
-- of jobs. A key that nobody uses has no row.
create table if not exists ${prefix}key (
    name       varchar(400) not null primary key,         -- limit:<limit>:<key> or order:<order>:<key>
    limit_name varchar(100) not null,
    running    integer      not null default 0,
    granted    integer      not null default 0,           -- what the last claim got
    permits    integer      not null,                     -- how many jobs may hold it, by the last claim
    waiting    smallint     not null default 0,           -- 1: jobs may wait for it
    touched_at datetime(6)  not null default utc_timestamp(6)
) engine = InnoDB row_format = dynamic default charset = utf8mb4 collate = utf8mb4_nopad_bin;

-- A limit that an operator has set in place of what the code and the configuration say.
create table if not exists ${prefix}limit (
    name       varchar(100) not null primary key,
    permits    integer      not null,
    changed_at datetime(6)  not null default utc_timestamp(6),
    changed_by varchar(300),
    reason     longtext
) engine = InnoDB row_format = dynamic default charset = utf8mb4 collate = utf8mb4_nopad_bin;
