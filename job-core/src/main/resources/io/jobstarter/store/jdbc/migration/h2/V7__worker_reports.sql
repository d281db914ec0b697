-- Job Starter, version 7: workers say what they serve and what they are doing, so that
-- anybody can be told why a job does not run. Version 6 goes on working on these tables; of
-- its workers the new columns are null.
--
-- To run this by hand, replace ${prefix} as in version 1.

alter table ${prefix}worker add (
    report      varchar(8000),                            -- JSON: what it is doing, as of last_seen_at
    application varchar(300),                             -- what it belongs to, and its version, for people
    serves      varchar(1000000),                         -- JSON: its queues and slots
    job_names   varchar(1000000)                          -- ',a,b,': the names that it can run
);

-- Who paused it, if that is known.
alter table ${prefix}queue add column paused_by varchar(1000);
