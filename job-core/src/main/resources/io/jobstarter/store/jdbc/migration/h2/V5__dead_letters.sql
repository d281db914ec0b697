-- Job Starter, version 5: dead letters are grouped by what went wrong, say who resolved
-- them and why, carry notes, and remember whether their handler was told. Earlier
-- versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1.

alter table ${prefix}dead_letter add (
    fingerprint       varchar(64) default '' not null,    -- of what went wrong, '' until it is filled in
    resolved_reason   varchar(1000),                      -- why whoever resolved it did so
    callback_due      timestamp(6) with time zone,        -- when its handler is told, if that is still to be done
    callback_tries    smallint default 0 not null,
    callback_token    bigint,                             -- who tells it: the fence of what is written then
    callback_ended_at timestamp(6) with time zone,
    callback_error    varchar(10000)                      -- of the last try, if that failed
);
create index ${prefix}dead_letter_group on ${prefix}dead_letter (resolved_at, name, fingerprint, died_at);
create index ${prefix}dead_letter_callback on ${prefix}dead_letter (name, callback_due);
create index ${prefix}dead_letter_bare on ${prefix}dead_letter (fingerprint);

-- What people write to a dead letter. Deleted with it.
create table ${prefix}dead_letter_note (
    id         bigint generated always as identity primary key,
    job_id     bigint not null,
    written_at timestamp(6) with time zone default current_timestamp not null,
    author     varchar(1000),
    text       varchar(100000) not null
);
create index ${prefix}dead_letter_note_job on ${prefix}dead_letter_note (job_id, id);
