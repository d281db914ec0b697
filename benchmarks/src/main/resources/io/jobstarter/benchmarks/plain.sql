-- The columns, defaults and indexes that a job of Job Starter has, but for room on the pages:
-- plain SQL updates nothing.
create sequence plain_job_seq;
create table plain_job (
    id               bigint generated always as identity primary key,
    seq              bigint      not null default nextval('plain_job_seq'),
    queue            text        not null,
    priority         smallint    not null default 0,
    front            boolean     not null default false,
    state            smallint    not null default 0,
    worker           bigint,
    claim            bigint,
    claimed_at       timestamptz,
    attempt          integer     not null default 0,
    crashes          smallint    not null default 0,
    duplicates       integer     not null default 0,
    unique_until     smallint,
    cancel_requested boolean     not null default false,
    due_at           timestamptz not null,
    created_at       timestamptz not null default clock_timestamp(),
    unique_key       text,
    name             text        not null,
    payload          text        not null,
    headers          text,
    tags             text,
    rule_counts      text,
    blocked_by       text
);
create index plain_job_ready on plain_job (queue, priority, front, seq) where state = 0;
create index plain_job_scheduled on plain_job (due_at) where state = 1;
create unique index plain_job_unique on plain_job (unique_key) where unique_key is not null;
