-- Job Starter, version 3: the history is cut by day, so that old days can be dropped instead
-- of being deleted row by row. Versions 1 and 2 go on working on these tables.
--
-- To run this by hand, replace ${prefix} as in version 1. It is one statement: all of it
-- happens or nothing, in milliseconds however large the history is.
--
--   history          by "before_days": what a query names
--     history_before   true: the table that was the history until now, while it holds rows
--     history_days     null: by day of finished_at, in UTC
--       history_default    what finishes on a day that has no table
--       history_20301231   a day; the application makes and drops these
--
-- No row is moved or read. The old table gets a column that is never null, which proves that
-- it holds no row of history_days; a bound on finished_at could only be proven by reading it
-- all, with the table locked.
do $$
declare
    privilege record;
    part text;
    owner text;
    today date := cast(clock_timestamp() at time zone 'UTC' as date);
begin
    -- Running nodes write their history here. They wait no longer than a second behind a
    -- report that reads it meanwhile; then they go first, and this tries again.
    for attempt in 1..8 loop
        begin
            set local lock_timeout = '1s';
            lock table ${prefix}history in access exclusive mode;
            exit;
        exception when lock_not_available then
            if attempt = 8 then
                raise;
            end if;
            perform pg_sleep(0.5);
        end;
    end loop;

    alter table ${prefix}history rename to ${prefix}history_before;
    alter table ${prefix}history_before add column before_days boolean not null default true;

    create table ${prefix}history (
        id          bigint      not null,                 -- the job's
        name        text        not null,
        queue       text        not null,
        priority    smallint    not null,
        state       text        not null,                 -- SUCCEEDED, DISCARDED, CANCELLED
        attempts    integer     not null,
        crashes     integer     not null,
        enqueued_at timestamptz not null,
        due_at      timestamptz not null,
        started_at  timestamptz,
        finished_at timestamptz not null default clock_timestamp(),
        worker      bigint,
        claim       bigint,
        tags        text,
        reason      text,
        before_days boolean                               -- never named by an insert
    ) partition by list (before_days);
    create table ${prefix}history_days partition of ${prefix}history
        for values in (null) partition by range (finished_at);
    -- Not unique, for that it would have to hold the time: a job's row leaves the table of
    -- jobs in the transaction that records it here. Days have no index by time: they are
    -- dropped whole, and without it a fifth less is written for each job.
    create index on ${prefix}history_days (id);
    create table ${prefix}history_default partition of ${prefix}history_days default;
    create index on ${prefix}history_default (finished_at);

    -- What is made here belongs to whom the history belonged, and is open to the same.
    select pg_get_userbyid(relowner) into owner from pg_class where oid = '${prefix}history_before'::regclass;
    foreach part in array array['history', 'history_days', 'history_default'] loop
        if owner <> current_user then
            execute format('alter table %I owner to %I', '${prefix}' || part, owner);
        end if;
        for privilege in
            select a.privilege_type as name, case when a.grantee = 0 then 'public'
                else quote_ident(pg_get_userbyid(a.grantee)) end as grantee
            from pg_class c cross join aclexplode(c.relacl) a
            where c.oid = '${prefix}history_before'::regclass and a.grantee <> c.relowner
        loop
            execute format('grant %s on %I to %s', privilege.name, '${prefix}' || part, privilege.grantee);
        end loop;
    end loop;

    for ahead in 0..3 loop
        part := '${prefix}history_' || to_char(today + ahead, 'YYYYMMDD');
        execute format('create table %I partition of %I for values from (%L) to (%L)', part,
            '${prefix}history_days', to_char(today + ahead, 'YYYY-MM-DD 00:00:00+00'),
            to_char(today + ahead + 1, 'YYYY-MM-DD 00:00:00+00'));
        if owner <> current_user then
            execute format('alter table %I owner to %I', part, owner);
        end if;
    end loop;

    if exists (select 1 from ${prefix}history_before) then
        alter table ${prefix}history attach partition ${prefix}history_before default;
    else
        drop table ${prefix}history_before;
    end if;
end
$$;
