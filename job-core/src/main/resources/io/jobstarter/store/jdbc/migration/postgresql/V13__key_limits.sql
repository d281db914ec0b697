-- Job Starter, version 13: jobs that need the permits of keys in order to run, and orders of
-- jobs. Version 12 goes on working on these tables, but knows no limits: update the workers
-- before jobs with keys are enqueued.
--
-- To run this by hand, replace ${prefix} as in version 1.

alter table ${prefix}job
    add column limits    text,                            -- the keys that it needs, one a line
    add column order_key text;                            -- the one of them that is an order
alter table ${prefix}dead_letter
    add column limits    text,                            -- of the job, for the one that is enqueued in its place
    add column order_key text;

create index ${prefix}job_order on ${prefix}job (order_key, id) where order_key is not null;

-- What waits for a key (state 3), in its old order. Apart from what waits for a breaker,
-- which is read as a whole.
create index ${prefix}job_waiting on ${prefix}job (blocked_by, front, seq) where state = 3;

-- A key: how many jobs hold it. Whoever changes that locks the row first, before the rows
-- of jobs. A key that nobody uses has no row.
create table ${prefix}key (
    name       text        primary key,                   -- limit:<limit>:<key> or order:<order>:<key>
    limit_name text        not null,
    running    integer     not null default 0,
    granted    integer     not null default 0,            -- what the last claim got
    permits    integer     not null,                      -- how many jobs may hold it, by the last claim
    waiting    smallint    not null default 0,            -- 1: jobs may wait for it
    touched_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- A limit that an operator has set in place of what the code and the configuration say.
create table ${prefix}limit (
    name       text        primary key,
    permits    integer     not null,
    changed_at timestamptz not null default clock_timestamp(),
    changed_by text,
    reason     text
);
