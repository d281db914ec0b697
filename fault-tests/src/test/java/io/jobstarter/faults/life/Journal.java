package io.jobstarter.faults.life;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import io.jobstarter.faults.fleet.FleetServer;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Has the database itself write down every change of a job, its ends, its failures and
 * the workers: triggers, so that none escapes, and what is rolled back never was. The
 * lines of one row are in the order of its changes, since each is written behind the
 * row's lock.
 */
final class Journal {

	private static final String CREATE = """
			create table life (
			    id     bigint generated always as identity primary key,
			    at     timestamptz not null,
			    tx     xid8        not null,
			    source text        not null,
			    op     text        not null,
			    row_id bigint      not null,
			    image  jsonb       not null
			)
			""";

	private static final String NOTE = """
			create function life_note() returns trigger language plpgsql as $$
			declare
			    image jsonb := to_jsonb(coalesce(new, old)) - array['payload', 'stack_trace', 'report', 'serves', 'job_names'];
			begin
			    insert into life (at, tx, source, op, row_id, image)
			    values (clock_timestamp(), pg_current_xact_id(), tg_argv[0], tg_op,
			        cast(image ->> tg_argv[1] as bigint), image);
			    return null;
			end
			$$
			""";

	private static final String TRIGGER = """
			create trigger life_note after insert or update or delete on background_job_%1$s
			for each row execute function life_note('%1$s', '%2$s')
			""";

	/**
	 * At the commit of whoever changed a key, and so still behind its lock, as many jobs
	 * hold it as its row says.
	 */
	private static final String COUNT = """
			create function life_count() returns trigger language plpgsql as $$
			declare
			    said integer;
			    held integer;
			begin
			    select running into said from background_job_key where name = new.name;
			    if not found then
			        return null;
			    end if;
			    select count(*) into held from background_job_job j
			    where j.worker is not null and exists (
			        select 1 from unnest(string_to_array(j.limits, e'\\n')) l (line)
			        where case left(l.line, 1) when 'c' then 'limit:' when 'o' then 'order:' when 's' then 'order:' end
			            || substr(l.line, 2) = new.name);
			    if held <> said then
			        insert into life (at, tx, source, op, row_id, image)
			        values (clock_timestamp(), pg_current_xact_id(), 'key', tg_op, 0,
			            jsonb_build_object('name', new.name, 'said', said, 'held', held));
			    end if;
			    return null;
			end
			$$
			""";

	private static final String COUNT_TRIGGER = """
			create constraint trigger life_count after insert or update on background_job_key
			deferrable initially deferred for each row execute function life_count()
			""";

	private static final String READ = """
			select id, at, cast(cast(tx as text) as bigint) as tx, source, op, row_id, image from life order by id
			""";

	private static final String SEEN = "select cast(pg_current_snapshot() as text)";

	private final JdbcTemplate jdbc;

	private Journal(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Tells whether a server can keep one: it takes its own triggers, and only PostgreSQL
	 * tells which transactions somebody could see.
	 * @param server the server
	 * @return whether it can
	 */
	static boolean isKeptBy(FleetServer server) {
		return server != FleetServer.MARIADB;
	}

	/**
	 * Begins it in a database whose tables are there.
	 * @param jdbc the way to it
	 * @return the journal
	 */
	static Journal in(JdbcTemplate jdbc) {
		jdbc.execute(CREATE);
		jdbc.execute(NOTE);
		jdbc.execute(TRIGGER.formatted("job", "id"));
		jdbc.execute(TRIGGER.formatted("history", "id"));
		jdbc.execute(TRIGGER.formatted("dead_letter", "job_id"));
		jdbc.execute(TRIGGER.formatted("failure", "job_id"));
		jdbc.execute(TRIGGER.formatted("worker", "id"));
		jdbc.execute(COUNT);
		jdbc.execute(COUNT_TRIGGER);
		return new Journal(jdbc);
	}

	List<Line> lines() {
		return this.jdbc.query(READ, Journal::line);
	}

	/**
	 * Tells which transactions are committed as of now.
	 * @return the moment
	 */
	Moment now() {
		return Moment.of(this.jdbc.queryForObject(SEEN, String.class));
	}

	private static Line line(ResultSet row, int number) throws SQLException {
		return new Line(row.getLong("id"), row.getTimestamp("at").toInstant(), row.getLong("tx"),
				row.getString("source"), row.getString("op"), row.getLong("row_id"), Image.of(row.getString("image")));
	}

}
