-- Job Starter, version 6: dead letters are redriven by filter, at a pace, behind a canary.
-- Earlier versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1.

-- What the new job got in place of the payload, which stays as it was; null if that went along.
alter table ${prefix}dead_letter add column corrected_payload text;

-- A redrive by filter: a node takes the next letters in one short transaction after another.
create table ${prefix}redrive (
    id               bigint generated always as identity primary key,
    state            varchar(20) not null,                -- CANARY, RUNNING, STOPPED, DONE, CANCELLED
    name             varchar(1000),                       -- which letters, from here; null means any
    queue            varchar(1000),
    reason           varchar(20),
    error_class      varchar(10000),
    fingerprint      varchar(1000),
    tag              varchar(1000),
    died_from        timestamp(6) with time zone,
    died_before      timestamp(6) with time zone,         -- to here
    last_letter      bigint not null,                     -- the last one when it was made
    matching         bigint not null,                     -- how many there were then
    pause_micros     bigint not null,                     -- from one job to the next
    canary           integer not null,                    -- how many go first; 0: none
    canary_required  integer not null,                    -- how many of these must succeed
    passed_letter    bigint default 0 not null,           -- letters up to here have been dealt with
    redriven         bigint default 0 not null,
    canary_sent      integer default 0 not null,
    canary_succeeded integer default 0 not null,
    canary_failed    integer default 0 not null,
    created_at       timestamp(6) with time zone not null, -- letters of jobs that died later are not taken
    created_by       varchar(1000),
    why              text,
    changed_at       timestamp(6) with time zone not null, -- of the state
    changed_by       varchar(1000),                       -- who cancelled or resumed it
    changed_why      text,
    next_at          timestamp(6) with time zone not null, -- when a node goes on with it
    paced_until      timestamp(6) with time zone not null, -- what has been taken counts until then
    finished_at      timestamp(6) with time zone,         -- DONE or CANCELLED since
    stopped_because  text
);
create index ${prefix}redrive_under_way on ${prefix}redrive (state, id);

-- A job that went first.
create table ${prefix}redrive_canary (
    redrive_id bigint not null,
    job_id     bigint not null,
    succeeded  boolean,                                   -- null: undecided
    primary key (redrive_id, job_id)
);
