-- Job Starter, version 4: circuit breakers of the whole fleet, and the jobs that wait for
-- them. Version 3 goes on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1.

-- A circuit breaker that has opened, or that somebody has set. Others have no row.
create table ${prefix}breaker (
    name       text        primary key,
    state      text        not null,                      -- CLOSED, OPEN, HALF_OPEN, FORCED_OPEN, FORCED_CLOSED
    generation bigint      not null,                      -- raised by every change, each of which compares it
    openings   integer     not null default 0,            -- in a row, since it was last closed
    open_until timestamptz,                               -- from then on it may be probed
    prober     bigint,                                    -- the worker that probes it
    reason     text,
    changed_at timestamptz not null default clock_timestamp(),
    changed_by text        not null
);
create index ${prefix}breaker_not_closed on ${prefix}breaker (name) where state <> 'CLOSED';

-- What waits for a breaker, in its old order.
create index ${prefix}job_blocked on ${prefix}job (blocked_by, front, seq) where state = 2;
