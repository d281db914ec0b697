-- Job Starter, version 14: unique keys that are held for a time.
-- Earlier versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1.

-- A unique key that is held until it expires, whatever becomes of its job. One that has
-- expired is free: it is taken again as it is, or deleted.
create table ${prefix}expiring_key (
    unique_key text        primary key,                   -- SHA-256 in hex
    job_id     bigint      not null,                      -- 0 while it is being taken
    expires_at timestamptz not null
) with (fillfactor = 70);
create index ${prefix}expiring_key_expires_at on ${prefix}expiring_key (expires_at);
