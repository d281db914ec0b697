-- Job Starter, version 5: dead letters are grouped by what went wrong, say who resolved
-- them and why, carry notes, and remember whether their handler was told. Earlier
-- versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1.

alter table ${prefix}dead_letter
    add column fingerprint       text not null default '', -- of what went wrong, '' until it is filled in
    add column resolved_reason   text,                     -- why whoever resolved it did so
    add column callback_due      timestamptz,              -- when its handler is told, if that is still to be done
    add column callback_tries    smallint not null default 0,
    add column callback_token    bigint,                   -- who tells it: the fence of what is written then
    add column callback_ended_at timestamptz,
    add column callback_error    text;                     -- of the last try, if that failed
create index ${prefix}dead_letter_group on ${prefix}dead_letter (name, fingerprint, died_at, job_id)
    where resolved_at is null;
create index ${prefix}dead_letter_callback on ${prefix}dead_letter (name, callback_due)
    where callback_due is not null;
create index ${prefix}dead_letter_bare on ${prefix}dead_letter (job_id) where fingerprint = '';

-- What people write to a dead letter. Deleted with it.
create table ${prefix}dead_letter_note (
    id         bigint generated always as identity primary key,
    job_id     bigint      not null,
    written_at timestamptz not null default clock_timestamp(),
    author     text,
    text       text        not null
);
create index ${prefix}dead_letter_note_job on ${prefix}dead_letter_note (job_id, id);
