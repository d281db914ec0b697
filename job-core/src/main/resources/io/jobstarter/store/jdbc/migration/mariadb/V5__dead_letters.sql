-- Job Starter, version 5: dead letters are grouped by what went wrong, say who resolved
-- them and why, carry notes, and remember whether their handler was told. Earlier
-- versions go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1. It can be run again.

alter table ${prefix}dead_letter
    add column if not exists fingerprint       varchar(64) not null default '', -- of what went wrong, '' until filled in
    add column if not exists resolved_reason   longtext,     -- why whoever resolved it did so
    add column if not exists callback_due      datetime(6),  -- when its handler is told, if that is still to be done
    add column if not exists callback_tries    smallint not null default 0,
    add column if not exists callback_token    bigint,       -- who tells it: the fence of what is written then
    add column if not exists callback_ended_at datetime(6),
    add column if not exists callback_error    longtext;     -- of the last try, if that failed
create index if not exists ${prefix}dead_letter_group
    on ${prefix}dead_letter (resolved_at, name, fingerprint, died_at);
create index if not exists ${prefix}dead_letter_callback on ${prefix}dead_letter (name, callback_due);
create index if not exists ${prefix}dead_letter_bare on ${prefix}dead_letter (fingerprint);

-- What people write to a dead letter. Deleted with it.
create table if not exists ${prefix}dead_letter_note (
    id         bigint      not null auto_increment primary key,
    job_id     bigint      not null,
    written_at datetime(6) not null default utc_timestamp(6),
    author     longtext,
    text       longtext    not null,
    index ${prefix}dead_letter_note_job (job_id, id)
) engine = InnoDB row_format = dynamic default charset = utf8mb4 collate = utf8mb4_nopad_bin;
