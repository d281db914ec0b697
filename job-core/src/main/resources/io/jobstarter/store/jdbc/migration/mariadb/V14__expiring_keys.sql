-- Job Starter, version 14: unique keys that are held for a time.
-- Earlier versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1. It can be run again.

-- A unique key that is held until it expires, whatever becomes of its job. One that has
-- expired is free: it is taken again as it is, or deleted.
create table if not exists ${prefix}expiring_key (
    unique_key varchar(64) character set ascii collate ascii_bin not null primary key, -- SHA-256 in hex
    job_id     bigint not null,                                                        -- 0 while it is being taken
    expires_at datetime(6) not null,
    index ${prefix}expiring_key_expires_at (expires_at)
) engine = InnoDB;
