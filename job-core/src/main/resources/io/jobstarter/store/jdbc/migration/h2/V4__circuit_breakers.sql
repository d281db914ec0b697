-- Job Starter, version 4: circuit breakers of the whole fleet, and the jobs that wait for
-- them. Version 2 goes on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1.

-- A circuit breaker that has opened, or that somebody has set. Others have no row.
create table ${prefix}breaker (
    name       varchar(300) primary key,
    state      varchar(20) not null,                      -- CLOSED, OPEN, HALF_OPEN, FORCED_OPEN, FORCED_CLOSED
    generation bigint not null,                           -- raised by every change, each of which compares it
    openings   integer default 0 not null,                -- in a row, since it was last closed
    open_until timestamp(6) with time zone,               -- from then on it may be probed
    prober     bigint,                                    -- the worker that probes it
    reason     varchar(2000),
    changed_at timestamp(6) with time zone default current_timestamp not null,
    changed_by varchar(300) not null
);

-- What waits for a breaker, in its old order.
create index ${prefix}job_blocked on ${prefix}job (state, blocked_by, front, seq);
