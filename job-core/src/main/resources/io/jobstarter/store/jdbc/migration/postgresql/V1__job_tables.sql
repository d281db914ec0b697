-- Job Starter, version 1: the tables of background jobs on PostgreSQL.
--
-- To run this by hand, replace ${prefix} by the table prefix, which is background_job_
-- unless background-jobs.schema.table-prefix says otherwise:
--   sed 's/${prefix}/background_job_/g' V1__job_tables.sql | psql ...

-- The position of a job in its lane. Every entry into "ready" takes a new value: workers
-- remember how far they have read a lane and do not look at lower positions again.
create sequence ${prefix}job_seq;

-- A job that waits or runs. One that is over leaves this table.
create table ${prefix}job (
    id               bigint generated always as identity primary key,
    seq              bigint      not null default nextval('${prefix}job_seq'),
    queue            text        not null,
    priority         smallint    not null default 0,      -- higher runs first
    front            boolean     not null default false,  -- came back: goes before the others of its priority
    state            smallint    not null default 0,      -- 0 ready, or running if it has a worker; 1 scheduled; 2 blocked
    worker           bigint,                              -- who runs it; with the claim, the fence of every write
    claim            bigint,
    claimed_at       timestamptz,
    attempt          integer     not null default 0,      -- attempts that failed
    crashes          smallint    not null default 0,      -- workers that died while they ran it
    duplicates       integer     not null default 0,      -- enqueues that met its unique key
    unique_until     smallint,                            -- what frees the key: 0 its start, 1 its end
    cancel_requested boolean     not null default false,
    due_at           timestamptz not null,
    created_at       timestamptz not null default clock_timestamp(),
    unique_key       text,                                -- SHA-256 in hex
    name             text        not null,
    payload          text        not null,
    headers          text,                                -- a JSON object of strings
    tags             text,                                -- ',a,b,': like '%,a,%' finds a tag
    rule_counts      text,                                -- which retry rule has decided how often
    blocked_by       text                                 -- why it is blocked
)
-- A claim changes no column that an index holds. With room on its page it is a HOT update,
-- which costs half and leaves nothing behind in the indexes.
with (fillfactor = 50);

-- The lanes. Without id: with it, the planner may prefer the primary key after an ANALYZE
-- and a claim takes a second instead of a millisecond.
create index ${prefix}job_ready on ${prefix}job (queue, priority, front, seq) where state = 0;
create index ${prefix}job_scheduled on ${prefix}job (due_at) where state = 1;
create unique index ${prefix}job_unique on ${prefix}job (unique_key) where unique_key is not null;

-- A process that runs jobs. Its lease is alive until expires_at.
create table ${prefix}worker (
    id           bigint      primary key,                 -- drawn at random by the process
    host         text        not null,
    pid          bigint      not null,
    started_at   timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    expires_at   timestamptz not null,
    stopping     boolean     not null default false,      -- leaves jobs behind without having crashed
    dead_at      timestamptz                              -- its jobs are being recovered
) with (fillfactor = 50);

-- One row: since when heartbeats have come without a gap. After an outage of the database
-- all workers look dead; nobody is declared dead before it has been up for one lease.
create table ${prefix}pulse (
    id         smallint    primary key check (id = 1),
    up_since   timestamptz not null,
    last_beat  timestamptz not null,
    last_sweep timestamptz                                -- when unknown workers were last looked for
) with (fillfactor = 50);
insert into ${prefix}pulse (id, up_since, last_beat) values (1, clock_timestamp(), clock_timestamp());

-- A queue that somebody has paused or resumed. Other queues have no row.
create table ${prefix}queue (
    name         text primary key,
    paused_at    timestamptz,
    pause_reason text
);

-- A failed attempt.
create table ${prefix}failure (
    id          bigint generated always as identity primary key,
    job_id      bigint      not null,
    number      integer     not null,                     -- of the attempt, from 1
    failed_at   timestamptz not null default clock_timestamp(),
    worker      bigint      not null,
    claim       bigint      not null,
    error_class text        not null,
    message     text        not null,
    stack_trace text        not null
);
create index ${prefix}failure_job on ${prefix}failure (job_id, number);
create index ${prefix}failure_failed_at on ${prefix}failure (failed_at);

-- A job that died. It stays until somebody redrives or discards it, and for a while after that.
create table ${prefix}dead_letter (
    job_id          bigint      primary key,
    name            text        not null,
    queue           text        not null,
    priority        smallint    not null,
    reason          text        not null,                 -- exhausted, crash, unreadable
    error_class     text        not null,                 -- what went wrong last
    message         text        not null,
    stack_trace     text        not null,
    attempts        integer     not null,
    crashes         integer     not null,
    enqueued_at     timestamptz not null,
    due_at          timestamptz not null,
    started_at      timestamptz,
    first_failed_at timestamptz not null,
    died_at         timestamptz not null default clock_timestamp(),
    worker          bigint,
    claim           bigint,
    tags            text,
    headers         text,
    payload         text        not null,
    resolved_at     timestamptz,                          -- open while null
    retried_at      timestamptz,
    retried_as      bigint,                               -- the job that was enqueued in its place
    discarded_at    timestamptz,
    resolved_by     text
);
create index ${prefix}dead_letter_open on ${prefix}dead_letter (job_id) where resolved_at is null;
create index ${prefix}dead_letter_resolved on ${prefix}dead_letter (resolved_at) where resolved_at is not null;

-- A job that is over: succeeded, discarded or cancelled.
create table ${prefix}history (
    id          bigint      primary key,                  -- the job's
    name        text        not null,
    queue       text        not null,
    priority    smallint    not null,
    state       text        not null,                     -- SUCCEEDED, DISCARDED, CANCELLED
    attempts    integer     not null,
    crashes     integer     not null,
    enqueued_at timestamptz not null,
    due_at      timestamptz not null,
    started_at  timestamptz,
    finished_at timestamptz not null default clock_timestamp(),
    worker      bigint,
    claim       bigint,
    tags        text,
    reason      text
);
create index ${prefix}history_finished_at on ${prefix}history (finished_at);
