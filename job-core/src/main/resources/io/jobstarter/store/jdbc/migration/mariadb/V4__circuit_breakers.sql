-- Job Starter, version 4: circuit breakers of the whole fleet, and the jobs that wait for
-- them. Version 2 goes on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1. It can be run again.

-- A circuit breaker that has opened, or that somebody has set. Others have no row.
create table if not exists ${prefix}breaker (
    name       varchar(300) not null primary key,
    state      varchar(20)  not null,                     -- CLOSED, OPEN, HALF_OPEN, FORCED_OPEN, FORCED_CLOSED
    generation bigint       not null,                     -- raised by every change, each of which compares it
    openings   integer      not null default 0,           -- in a row, since it was last closed
    open_until datetime(6),                               -- from then on it may be probed
    prober     bigint,                                    -- the worker that probes it
    reason     longtext,
    changed_at datetime(6)  not null default utc_timestamp(6),
    changed_by varchar(300) not null
) engine = InnoDB row_format = dynamic default charset = utf8mb4 collate = utf8mb4_nopad_bin;

-- Until now nothing has written it. Only the beginning of a long text could be indexed, and
-- what waits could not be read in its order.
alter table ${prefix}job modify column blocked_by varchar(400);

-- What waits for a breaker, in its old order.
create index if not exists ${prefix}job_blocked on ${prefix}job (state, blocked_by, front, seq);
