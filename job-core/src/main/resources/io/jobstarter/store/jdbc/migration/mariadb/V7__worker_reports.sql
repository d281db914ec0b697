-- Job Starter, version 7: workers say what they serve and what they are doing, so that
-- anybody can be told why a job does not run. Version 6 goes on working on these tables; of
-- its workers the new columns are null.
--
-- To run this by hand, replace ${prefix} as in version 1. It can be run again.

alter table ${prefix}worker
    add column if not exists report      varchar(8000),   -- JSON: what it is doing, as of last_seen_at
    add column if not exists application varchar(300),    -- what it belongs to, and its version, for people
    add column if not exists serves      longtext,        -- JSON: its queues and slots
    add column if not exists job_names   longtext;        -- ',a,b,': the names that it can run

-- Who paused it, if that is known.
alter table ${prefix}queue add column if not exists paused_by varchar(1000);
