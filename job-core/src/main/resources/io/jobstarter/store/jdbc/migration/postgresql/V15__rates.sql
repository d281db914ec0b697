-- Job Starter, version 15: rates.
-- Earlier versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1.

-- A rate that has been used of late: how many permits it has, and which of them are taken.
create table ${prefix}rate (
    name        text not null,          -- queue:<entry of the queues>, or rate:<name of the limit>:<key>
    permits     int not null,           -- within any stretch of per_micros; as whoever took permits last had it
    per_micros  bigint not null,
    taken       text not null,          -- when and how many: distances in microseconds, the first from 1970
    released    int default 0 not null, -- of a key: jobs that were let go and have not taken their permits yet
    released_at timestamptz,            -- when that was last
    due_at      timestamptz,            -- of a key: when the next jobs that wait for it may go; null if none waits
    touched_at  timestamptz not null,
    primary key (name)
) with (fillfactor = 50);
create index ${prefix}rate_due on ${prefix}rate (due_at) where due_at is not null;
