-- Job Starter, version 13: jobs that need the permits of keys in order to run, and orders of
-- jobs. Version 12 goes on working on these tables, but knows no limits: update the workers
-- before jobs with keys are enqueued.
--
-- To run this by hand, replace ${prefix} as in version 1.

alter table ${prefix}job add column limits varchar;       -- the keys that it needs, one a line
alter table ${prefix}job add column order_key varchar(400); -- the one of them that is an order
-- Of the job, for the one that is enqueued in its place.
alter table ${prefix}dead_letter add column limits varchar;
alter table ${prefix}dead_letter add column order_key varchar(400);

create index ${prefix}job_order on ${prefix}job (order_key, id);

-- A key: how many jobs hold it. Whoever changes that locks the row first, before the rows
-- of jobs. A key that nobody uses has no row.
create table ${prefix}key (
    name       varchar(400) primary key,                  -- limit:<limit>:<key> or order:<order>:<key>
    limit_name varchar(100) not null,
    running    integer default 0 not null,
    granted    integer default 0 not null,                -- what the last claim got
    permits    integer not null,                          -- how many jobs may hold it, by the last claim
    waiting    smallint default 0 not null,               -- 1: jobs may wait for it
    touched_at timestamp(6) with time zone default current_timestamp not null
);

-- A limit that an operator has set in place of what the code and the configuration say.
create table ${prefix}limit (
    name       varchar(100) primary key,
    permits    integer not null,
    changed_at timestamp(6) with time zone default current_timestamp not null,
    changed_by varchar(300),
    reason     varchar(2000)
);
