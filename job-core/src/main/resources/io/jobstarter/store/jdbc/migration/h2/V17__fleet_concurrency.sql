-- Job Starter, version 17: how many jobs of a queue run at the same time over all nodes can be bounded. Nodes of the
-- release before go on working on these tables, and know nothing of such bounds.
--
-- To run this by hand, replace ${prefix} as in version 1.

-- Set by an operator; where it is null, the configuration of the nodes says.
alter table ${prefix}queue add column fleet_concurrency integer;

-- How many jobs of a queue each worker may run, where all of them together are bounded. A row with the worker 0 stands
-- for the queue itself: whoever divides its slots anew has it locked.
create table ${prefix}fleet_slots (
    name     varchar(100) not null,     -- a queue, or a wildcard as it is configured
    worker   bigint not null,
    slots    integer not null,          -- how many jobs the worker may hold
    turn     bigint not null,           -- counts what the worker has asked: an older question changes nothing
    wanted   integer not null,          -- how many it could use
    since    timestamp(6) with time zone not null, -- since when it has slots, or waits for the first
    declared integer,                   -- the bound that its configuration names
    primary key (name, worker)
);
create index ${prefix}fleet_slots_worker on ${prefix}fleet_slots (worker);
