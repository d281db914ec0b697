-- Job Starter, version 7: workers say what they serve and what they are doing, so that
-- anybody can be told why a job does not run. Version 6 goes on working on these tables; of
-- its workers the new columns are null.
--
-- To run this by hand, replace ${prefix} as in version 1.

-- The report changes with each heartbeat. It stands before what never changes, so that of a
-- new version of a row only what lies between the lease and the report is logged.
alter table ${prefix}worker
    add column report      text,                          -- JSON: what it is doing, as of last_seen_at
    add column application text,                          -- what it belongs to, and its version, for people
    add column serves      text,                          -- JSON: its queues and slots
    add column job_names   text;                          -- ',a,b,': the names that it can run

-- Who paused it, if that is known.
alter table ${prefix}queue add column paused_by text;
