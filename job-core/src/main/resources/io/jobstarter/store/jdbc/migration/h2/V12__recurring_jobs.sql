-- Job Starter, version 12: recurring jobs.
-- Earlier versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1.

-- A recurring job: what it enqueues, and when it fires next.
create table ${prefix}recurring (
    id              varchar(1000) not null,
    source          varchar(20) not null,                 -- CODE, CONFIGURATION, DYNAMIC; NEW while it is made
    schedule        varchar(1000) not null,               -- a cron expression, a macro, or words
    zone            varchar(1000) not null,               -- whose clocks it follows, unless the schedule names one
    job_name        varchar(1000) not null,
    payload         text not null,
    queue           varchar(1000) not null,
    priority        smallint not null,
    description     varchar(1000),
    misfire         varchar(20) not null,                 -- SKIP, ONCE, ALL
    overlap         varchar(20) not null,                 -- ALLOW, SKIP, QUEUE, CANCEL_RUNNING
    jitter_micros   bigint not null,                      -- a job is due at most so long after its fire
    catch_up_micros bigint,                               -- how old a fire may be that is made up for; null: of any age
    paused_at       timestamp(6) with time zone,
    paused_by       varchar(1000),
    pause_reason    text,
    next_fire_at    timestamp(6) with time zone,          -- null: none, or it is retired
    last_fire_at    timestamp(6) with time zone,
    last_job        bigint,
    missed          bigint default 0 not null,            -- fires of which no job came since they were noticed too late
    declared_at     timestamp(6) with time zone,          -- when a node has last said that it has it; null if DYNAMIC
    retired_at      timestamp(6) with time zone,          -- no node has declared it for long: it does not fire
    created_at      timestamp(6) with time zone not null,
    updated_at      timestamp(6) with time zone not null, -- of the definition
    primary key (id)
);
create index ${prefix}recurring_next on ${prefix}recurring (next_fire_at);

-- A fire. The primary key makes sure that an instant of a recurring job fires once, whoever enqueues its job.
create table ${prefix}recurring_fire (
    recurring_id  varchar(1000) not null,
    fire_at       timestamp(6) with time zone not null,
    job_id        bigint,                               -- null if it was skipped
    outcome       varchar(20) not null,                 -- ENQUEUED, SKIPPED, RUN_NOW
    noted_at      timestamp(6) with time zone not null,
    primary key (recurring_id, fire_at)
);
