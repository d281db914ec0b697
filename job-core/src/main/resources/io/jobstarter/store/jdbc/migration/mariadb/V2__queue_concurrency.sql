-- Job Starter, version 2: how many jobs of a queue a node runs at the same time can be
-- changed while nodes run. Version 1 goes on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1. It can be run again.

-- Set by an operator; where it is null, the configuration of each node says.
alter table ${prefix}queue add column if not exists concurrency integer;
