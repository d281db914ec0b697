-- Job Starter, version 6: dead letters are redriven by filter, at a pace, behind a canary.
-- Earlier versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1.

-- What the new job got in place of the payload, which stays as it was; null if that went along.
alter table ${prefix}dead_letter add column corrected_payload text;

-- A redrive by filter: a node takes the next letters in one short transaction after another.
create table ${prefix}redrive (
    id               bigint generated always as identity primary key,
    state            text        not null,                -- CANARY, RUNNING, STOPPED, DONE, CANCELLED
    name             text,                                -- which letters, from here; null means any
    queue            text,
    reason           text,
    error_class      text,
    fingerprint      text,
    tag              text,
    died_from        timestamptz,
    died_before      timestamptz,                         -- to here
    last_letter      bigint      not null,                -- the last one when it was made
    matching         bigint      not null,                -- how many there were then
    pause_micros     bigint      not null,                -- from one job to the next
    canary           integer     not null,                -- how many go first; 0: none
    canary_required  integer     not null,                -- how many of these must succeed
    passed_letter    bigint      not null default 0,      -- letters up to here have been dealt with
    redriven         bigint      not null default 0,
    canary_sent      integer     not null default 0,
    canary_succeeded integer     not null default 0,
    canary_failed    integer     not null default 0,
    created_at       timestamptz not null,                -- letters of jobs that died later are not taken
    created_by       text,
    why              text,
    changed_at       timestamptz not null,                -- of the state
    changed_by       text,                                -- who cancelled or resumed it
    changed_why      text,
    next_at          timestamptz not null,                -- when a node goes on with it
    paced_until      timestamptz not null,                -- what has been taken counts until then
    finished_at      timestamptz,                         -- DONE or CANCELLED since
    stopped_because  text
) with (fillfactor = 50);
create index ${prefix}redrive_under_way on ${prefix}redrive (id) where state in ('CANARY', 'RUNNING');

-- A job that went first.
create table ${prefix}redrive_canary (
    redrive_id bigint not null,
    job_id     bigint not null,
    succeeded  boolean,                                   -- null: undecided
    primary key (redrive_id, job_id)
);
