-- Job Starter, version 6: dead letters are redriven by filter, at a pace, behind a canary.
-- Earlier versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1. It can be run again.

-- What the new job got in place of the payload, which stays as it was; null if that went along.
alter table ${prefix}dead_letter add column if not exists corrected_payload longtext;

-- A redrive by filter: a node takes the next letters in one short transaction after another.
create table if not exists ${prefix}redrive (
    id               bigint       not null auto_increment primary key,
    state            varchar(20)  not null,               -- CANARY, RUNNING, STOPPED, DONE, CANCELLED
    name             varchar(1000),                       -- which letters, from here; null means any
    queue            varchar(1000),
    reason           varchar(20),
    error_class      longtext,
    fingerprint      varchar(1000),
    tag              varchar(1000),
    died_from        datetime(6),
    died_before      datetime(6),                         -- to here
    last_letter      bigint       not null,               -- the last one when it was made
    matching         bigint       not null,               -- how many there were then
    pause_micros     bigint       not null,               -- from one job to the next
    canary           integer      not null,               -- how many go first; 0: none
    canary_required  integer      not null,               -- how many of these must succeed
    passed_letter    bigint       not null default 0,     -- letters up to here have been dealt with
    redriven         bigint       not null default 0,
    canary_sent      integer      not null default 0,
    canary_succeeded integer      not null default 0,
    canary_failed    integer      not null default 0,
    created_at       datetime(6)  not null,               -- letters of jobs that died later are not taken
    created_by       varchar(1000),
    why              longtext,
    changed_at       datetime(6)  not null,               -- of the state
    changed_by       varchar(1000),                       -- who cancelled or resumed it
    changed_why      longtext,
    next_at          datetime(6)  not null,               -- when a node goes on with it
    paced_until      datetime(6)  not null,               -- what has been taken counts until then
    finished_at      datetime(6),                         -- DONE or CANCELLED since
    stopped_because  longtext,
    index ${prefix}redrive_under_way (state, id)
) engine = InnoDB row_format = dynamic default charset = utf8mb4 collate = utf8mb4_nopad_bin;

-- A job that went first.
create table if not exists ${prefix}redrive_canary (
    redrive_id bigint not null,
    job_id     bigint not null,
    succeeded  boolean,                                   -- null: undecided
    primary key (redrive_id, job_id)
) engine = InnoDB;
