-- Job Starter, version 12: recurring jobs.
-- Earlier versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1.

-- A recurring job: what it enqueues, and when it fires next.
create table ${prefix}recurring (
    id              text not null,
    source          text not null,             -- CODE, CONFIGURATION, DYNAMIC; NEW while it is made
    schedule        text not null,             -- a cron expression, a macro, or words
    zone            text not null,             -- whose clocks it follows, unless the schedule names one
    job_name        text not null,
    payload         text not null,
    queue           text not null,
    priority        smallint not null,
    description     text,
    misfire         text not null,             -- SKIP, ONCE, ALL
    overlap         text not null,             -- ALLOW, SKIP, QUEUE, CANCEL_RUNNING
    jitter_micros   bigint not null,           -- a job is due at most so long after its fire
    catch_up_micros bigint,                    -- how old a fire may be that is made up for; null: of any age
    paused_at       timestamptz,
    paused_by       text,
    pause_reason    text,
    next_fire_at    timestamptz,               -- null: none, or it is retired
    last_fire_at    timestamptz,
    last_job        bigint,
    missed          bigint default 0 not null, -- fires of which no job came since they were noticed too late
    declared_at     timestamptz,               -- when a node has last said that it has it; null if DYNAMIC
    retired_at      timestamptz,               -- no node has declared it for long: it does not fire
    created_at      timestamptz not null,
    updated_at      timestamptz not null,      -- of the definition
    primary key (id)
) with (fillfactor = 50);
create index ${prefix}recurring_next on ${prefix}recurring (next_fire_at) where next_fire_at is not null;

-- A fire. The primary key makes sure that an instant of a recurring job fires once, whoever enqueues its job.
create table ${prefix}recurring_fire (
    recurring_id  text not null,
    fire_at       timestamptz not null,
    job_id        bigint,                               -- null if it was skipped
    outcome       text not null,                        -- ENQUEUED, SKIPPED, RUN_NOW
    noted_at      timestamptz not null,
    primary key (recurring_id, fire_at)
);
