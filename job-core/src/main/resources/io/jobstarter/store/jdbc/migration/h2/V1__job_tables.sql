-- Job Starter, version 1: the tables of background jobs on H2.
--
-- To run this by hand, replace ${prefix} by the table prefix, which is background_job_
-- unless background-jobs.schema.table-prefix says otherwise.

-- The position of a job in its lane. Every entry into "ready" takes a new value: workers
-- remember how far they have read a lane and do not look at lower positions again.
create sequence ${prefix}job_seq;

-- A job that waits or runs. One that is over leaves this table.
create table ${prefix}job (
    id               bigint generated always as identity primary key,
    seq              bigint default next value for ${prefix}job_seq not null,
    queue            varchar(100) not null,
    priority         smallint default 0 not null,         -- higher runs first
    front            boolean default false not null,      -- came back: goes before the others of its priority
    state            smallint default 0 not null,         -- 0 ready, or running if it has a worker; 1 scheduled; 2 blocked
    worker           bigint,                              -- who runs it; with the claim, the fence of every write
    claim            bigint,
    claimed_at       timestamp(6) with time zone,
    attempt          integer default 0 not null,          -- attempts that failed
    crashes          smallint default 0 not null,         -- workers that died while they ran it
    duplicates       integer default 0 not null,          -- unused on H2
    unique_until     smallint,                            -- what frees the key: 0 its start, 1 its end
    cancel_requested boolean default false not null,
    due_at           timestamp(6) with time zone not null,
    created_at       timestamp(6) with time zone default current_timestamp not null,
    unique_key       varchar(64),                         -- SHA-256 in hex
    name             varchar(100) not null,
    payload          text not null,
    headers          text,                                -- a JSON object of strings
    tags             varchar(100000),                     -- ',a,b,': like '%,a,%' finds a tag
    rule_counts      varchar(100000),                     -- which retry rule has decided how often
    blocked_by       varchar(1000)                        -- why it is blocked
);
create index ${prefix}job_ready on ${prefix}job (state, queue, priority, front, seq);
create index ${prefix}job_scheduled on ${prefix}job (state, due_at);
create unique index ${prefix}job_unique on ${prefix}job (unique_key);

-- A process that runs jobs. Its lease is alive until expires_at.
create table ${prefix}worker (
    id           bigint primary key,                      -- drawn at random by the process
    host         varchar(1000) not null,
    pid          bigint not null,
    started_at   timestamp(6) with time zone default current_timestamp not null,
    last_seen_at timestamp(6) with time zone default current_timestamp not null,
    expires_at   timestamp(6) with time zone not null,
    stopping     boolean default false not null,          -- leaves jobs behind without having crashed
    dead_at      timestamp(6) with time zone              -- its jobs are being recovered
);

-- One row: since when heartbeats have come without a gap. After an outage of the database
-- all workers look dead; nobody is declared dead before it has been up for one lease.
create table ${prefix}pulse (
    id         smallint primary key check (id = 1),
    up_since   timestamp(6) with time zone not null,
    last_beat  timestamp(6) with time zone not null,
    last_sweep timestamp(6) with time zone                -- when unknown workers were last looked for
);
insert into ${prefix}pulse (id, up_since, last_beat) values (1, current_timestamp, current_timestamp);

-- A queue that somebody has paused or resumed. Other queues have no row.
create table ${prefix}queue (
    name         varchar(100) primary key,
    paused_at    timestamp(6) with time zone,
    pause_reason text
);

-- A failed attempt.
create table ${prefix}failure (
    id          bigint generated always as identity primary key,
    job_id      bigint not null,
    number      integer not null,                         -- of the attempt, from 1
    failed_at   timestamp(6) with time zone default current_timestamp not null,
    worker      bigint not null,
    claim       bigint not null,
    error_class varchar(10000) not null,
    message     text not null,
    stack_trace text not null
);
create index ${prefix}failure_job on ${prefix}failure (job_id, number);
create index ${prefix}failure_failed_at on ${prefix}failure (failed_at);

-- A job that died. It stays until somebody redrives or discards it, and for a while after that.
create table ${prefix}dead_letter (
    job_id          bigint primary key,
    name            varchar(100) not null,
    queue           varchar(100) not null,
    priority        smallint not null,
    reason          varchar(20) not null,                 -- exhausted, crash, unreadable
    error_class     varchar(10000) not null,              -- what went wrong last
    message         text not null,
    stack_trace     text not null,
    attempts        integer not null,
    crashes         integer not null,
    enqueued_at     timestamp(6) with time zone not null,
    due_at          timestamp(6) with time zone not null,
    started_at      timestamp(6) with time zone,
    first_failed_at timestamp(6) with time zone not null,
    died_at         timestamp(6) with time zone default current_timestamp not null,
    worker          bigint,
    claim           bigint,
    tags            varchar(100000),
    headers         text,
    payload         text not null,
    resolved_at     timestamp(6) with time zone,          -- open while null
    retried_at      timestamp(6) with time zone,
    retried_as      bigint,                               -- the job that was enqueued in its place
    discarded_at    timestamp(6) with time zone,
    resolved_by     varchar(1000)
);
create index ${prefix}dead_letter_resolved on ${prefix}dead_letter (resolved_at);

-- A job that is over: succeeded, discarded or cancelled.
create table ${prefix}history (
    id          bigint primary key,                       -- the job's
    name        varchar(100) not null,
    queue       varchar(100) not null,
    priority    smallint not null,
    state       varchar(20) not null,                     -- SUCCEEDED, DISCARDED, CANCELLED
    attempts    integer not null,
    crashes     integer not null,
    enqueued_at timestamp(6) with time zone not null,
    due_at      timestamp(6) with time zone not null,
    started_at  timestamp(6) with time zone,
    finished_at timestamp(6) with time zone default current_timestamp not null,
    worker      bigint,
    claim       bigint,
    tags        varchar(100000),
    reason      text
);
create index ${prefix}history_finished_at on ${prefix}history (finished_at);
