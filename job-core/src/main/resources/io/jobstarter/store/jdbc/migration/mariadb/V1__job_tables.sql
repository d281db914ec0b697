-- Job Starter, version 1: the tables of background jobs on MariaDB, 10.6 or newer.
--
-- To run this by hand, replace ${prefix} by the table prefix, which is background_job_
-- unless background-jobs.schema.table-prefix says otherwise:
--   sed 's/${prefix}/background_job_/g' V1__job_tables.sql | mariadb ...
--
-- MariaDB commits every statement of this by itself. So each can be run again: a migration
-- that was killed half-way is completed by running all of it once more.
--
-- Times are UTC, whatever the time zone of the session. Names and keys compare byte by byte.

-- The ids of jobs. Not auto_increment: an insert that waits would keep others from theirs.
create sequence if not exists ${prefix}job_id engine = InnoDB;

-- The position of a job in its lane. Every entry into "ready" takes a new value: workers
-- remember how far they have read a lane and do not look at lower positions again.
create sequence if not exists ${prefix}job_seq engine = InnoDB;

-- A job that waits or runs. One that is over leaves this table.
create table if not exists ${prefix}job (
    id               bigint       not null default nextval(${prefix}job_id) primary key,
    seq              bigint       not null default nextval(${prefix}job_seq),
    queue            varchar(100) not null,
    priority         smallint     not null default 0,     -- higher runs first
    front            boolean      not null default false, -- came back: goes before the others of its priority
    state            smallint     not null default 0,     -- 0 ready, or running if it has a worker; 1 scheduled; 2 blocked
    worker           bigint,                              -- who runs it; with the claim, the fence of every write
    claim            bigint,
    claimed_at       datetime(6),
    attempt          integer      not null default 0,     -- attempts that failed
    crashes          smallint     not null default 0,     -- workers that died while they ran it
    duplicates       integer      not null default 0,     -- unused on MariaDB
    unique_until     smallint,                            -- what frees the key: 0 its start, 1 its end
    cancel_requested boolean      not null default false,
    due_at           datetime(6)  not null,
    created_at       datetime(6)  not null default utc_timestamp(6),
    unique_key       varchar(64),                         -- SHA-256 in hex, with a row of its own while not null
    name             varchar(100) not null,
    payload          longtext     not null,
    headers          longtext,                            -- a JSON object of strings
    tags             longtext,                            -- ',a,b,': like '%,a,%' finds a tag
    rule_counts      longtext,                            -- which retry rule has decided how often
    blocked_by       longtext,                            -- why it is blocked
    index ${prefix}job_ready (state, queue, priority, front, seq),
    index ${prefix}job_scheduled (state, due_at)
) engine = InnoDB row_format = dynamic default charset = utf8mb4 collate = utf8mb4_nopad_bin;

-- A unique key that a job holds. Not a unique index of the jobs: a duplicate would lock
-- the gap beside the entry that it met, where jobs without keys are inserted. A job that
-- is deleted by hand takes its row here along:
--   delete from ${prefix}unique_key where job_id not in (select id from ${prefix}job)
create table if not exists ${prefix}unique_key (
    unique_key varchar(64) character set ascii collate ascii_bin not null primary key,
    job_id     bigint not null
) engine = InnoDB;

-- Who inserts a job with a unique key locks one of these rows first, by the key's first
-- three digits: another with the same key waits for the end of that transaction. The
-- primary key alone would let InnoDB deadlock those who wait when the first rolls back.
create table if not exists ${prefix}key_lock (
    id smallint unsigned not null primary key
) engine = InnoDB;
insert ignore into ${prefix}key_lock (id)
with digit as (
    select 0 as n union all select 1 union all select 2 union all select 3
    union all select 4 union all select 5 union all select 6 union all select 7
    union all select 8 union all select 9 union all select 10 union all select 11
    union all select 12 union all select 13 union all select 14 union all select 15)
select 256 * a.n + 16 * b.n + c.n from digit a cross join digit b cross join digit c;

-- A process that runs jobs. Its lease is alive until expires_at.
create table if not exists ${prefix}worker (
    id           bigint        not null primary key,      -- drawn at random by the process
    host         varchar(1000) not null,
    pid          bigint        not null,
    started_at   datetime(6)   not null default utc_timestamp(6),
    last_seen_at datetime(6)   not null default utc_timestamp(6),
    expires_at   datetime(6)   not null,
    stopping     boolean       not null default false,    -- leaves jobs behind without having crashed
    dead_at      datetime(6)                              -- its jobs are being recovered
) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_nopad_bin;

-- One row: since when heartbeats have come without a gap. After an outage of the database
-- all workers look dead; nobody is declared dead before it has been up for one lease.
create table if not exists ${prefix}pulse (
    id         smallint    not null primary key check (id = 1),
    up_since   datetime(6) not null,
    last_beat  datetime(6) not null,
    last_sweep datetime(6)                                -- when unknown workers were last looked for
) engine = InnoDB;
insert ignore into ${prefix}pulse (id, up_since, last_beat) values (1, utc_timestamp(6), utc_timestamp(6));

-- A queue that somebody has paused or resumed. Other queues have no row.
create table if not exists ${prefix}queue (
    name         varchar(100) not null primary key,
    paused_at    datetime(6),
    pause_reason longtext
) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_nopad_bin;

-- A failed attempt.
create table if not exists ${prefix}failure (
    id          bigint      not null auto_increment primary key,
    job_id      bigint      not null,
    number      integer     not null,                     -- of the attempt, from 1
    failed_at   datetime(6) not null default utc_timestamp(6),
    worker      bigint      not null,
    claim       bigint      not null,
    error_class longtext    not null,
    message     longtext    not null,
    stack_trace longtext    not null,
    index ${prefix}failure_job (job_id, number),
    index ${prefix}failure_failed_at (failed_at)
) engine = InnoDB row_format = dynamic default charset = utf8mb4 collate = utf8mb4_nopad_bin;

-- A job that died. It stays until somebody redrives or discards it, and for a while after that.
create table if not exists ${prefix}dead_letter (
    job_id          bigint       not null primary key,
    name            varchar(100) not null,
    queue           varchar(100) not null,
    priority        smallint     not null,
    reason          varchar(20)  not null,                -- exhausted, crash, unreadable
    error_class     longtext     not null,                -- what went wrong last
    message         longtext     not null,
    stack_trace     longtext     not null,
    attempts        integer      not null,
    crashes         integer      not null,
    enqueued_at     datetime(6)  not null,
    due_at          datetime(6)  not null,
    started_at      datetime(6),
    first_failed_at datetime(6)  not null,
    died_at         datetime(6)  not null default utc_timestamp(6),
    worker          bigint,
    claim           bigint,
    tags            longtext,
    headers         longtext,
    payload         longtext     not null,
    resolved_at     datetime(6),                          -- open while null
    retried_at      datetime(6),
    retried_as      bigint,                               -- the job that was enqueued in its place
    discarded_at    datetime(6),
    resolved_by     longtext,
    index ${prefix}dead_letter_resolved (resolved_at)
) engine = InnoDB row_format = dynamic default charset = utf8mb4 collate = utf8mb4_nopad_bin;

-- A job that is over: succeeded, discarded or cancelled.
create table if not exists ${prefix}history (
    id          bigint       not null primary key,        -- the job's
    name        varchar(100) not null,
    queue       varchar(100) not null,
    priority    smallint     not null,
    state       varchar(20)  not null,                    -- SUCCEEDED, DISCARDED, CANCELLED
    attempts    integer      not null,
    crashes     integer      not null,
    enqueued_at datetime(6)  not null,
    due_at      datetime(6)  not null,
    started_at  datetime(6),
    finished_at datetime(6)  not null default utc_timestamp(6),
    worker      bigint,
    claim       bigint,
    tags        longtext,
    reason      longtext,
    index ${prefix}history_finished_at (finished_at)
) engine = InnoDB row_format = dynamic default charset = utf8mb4 collate = utf8mb4_nopad_bin;
