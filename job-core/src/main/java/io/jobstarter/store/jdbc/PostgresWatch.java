package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.jobstarter.store.DatabaseWatch;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL says, to any role: the horizons of all sessions, though of those of
 * other roles not since when and in what state they are, unless it is a member of
 * {@code pg_read_all_stats}.
 */
final class PostgresWatch implements DatabaseWatch {

	private static final String SIZES = """
			select t.name, sum(pg_total_relation_size(c.oid)) as bytes,
			    sum(pg_stat_get_dead_tuples(c.oid)) as dead_rows
			from unnest(cast(:names as varchar array), cast(:tables as varchar array)) t (name, own_name)
			cross join lateral (
			    select to_regclass(t.own_name) as oid
			    union all
			    select i.inhrelid from pg_inherits i where i.inhparent = to_regclass(t.own_name)) c
			where c.oid is not null
			group by t.name
			""";

	/**
	 * Of other databases only what streams to a standby matters here. A vacuum holds back
	 * nobody, and a walsender's horizon stands in its slot if it has one.
	 */
	private static final String HOLDERS = """
			select h.kind, h.name, h.application, h.user_name, h.state, h.horizon, h.seconds
			from (
			    select 'session' as kind, cast(pid as varchar) as name, application_name as application,
			        cast(usename as varchar) as user_name, state,
			        cast(coalesce(backend_xmin, backend_xid) as varchar) as horizon,
			        extract(epoch from clock_timestamp() - coalesce(xact_start, query_start)) as seconds,
			        greatest(age(backend_xmin), age(backend_xid)) as transactions
			    from pg_stat_activity
			    where (backend_xmin is not null or backend_xid is not null) and usesysid is not null
			      and (datname = current_database() or datname is null) and pid <> pg_backend_pid()
			      and pid not in (select pid from pg_stat_progress_vacuum)
			    union all
			    select 'prepared transaction', gid, null, cast(owner as varchar), null,
			        cast(transaction as varchar), extract(epoch from clock_timestamp() - prepared), age(transaction)
			    from pg_prepared_xacts where database = current_database()
			    union all
			    select 'replication slot', cast(slot_name as varchar), null, null,
			        case when active then 'active' else 'inactive' end, cast(xmin as varchar), null, age(xmin)
			    from pg_replication_slots where xmin is not null) h
			order by h.transactions desc, h.name
			limit 20
			""";

	private static final String FIRST_WORKER = """
			select id from background_job_worker where dead_at is null and expires_at > clock_timestamp()
			order by started_at, id limit 1
			""";

	private final Reads reads;

	private final String[] names;

	private final String[] tables;

	PostgresWatch(Reads reads, List<String> tables, String prefix) {
		this.reads = reads;
		this.names = tables.stream()
			.map((table) -> table.substring(SqlText.DEFAULT_PREFIX.length()))
			.toArray(String[]::new);
		this.tables = Arrays.stream(this.names).map(prefix::concat).toArray(String[]::new);
	}

	@Override
	public Sight look() {
		List<TableSize> sizes = this.reads.query(SIZES, Map.of("names", this.names, "tables", this.tables),
				(row, number) -> new TableSize(row.getString("name"), row.getLong("bytes"), row.getLong("dead_rows")));
		List<Holder> holders = this.reads.query(HOLDERS, Map.of(), PostgresWatch::holder);
		List<Long> first = this.reads.querySmall(FIRST_WORKER, Map.of(), (row, number) -> row.getLong("id"));
		return new Sight(sizes, holders, first.isEmpty() ? 0 : first.get(0));
	}

	private static Holder holder(ResultSet row, int number) throws SQLException {
		return new Holder(row.getString("kind"), row.getString("name"), row.getString("application"),
				row.getString("user_name"), row.getString("state"), row.getString("horizon"), age(row));
	}

	private static @Nullable Duration age(ResultSet row) throws SQLException {
		return (row.getObject("seconds") != null) ? Duration.ofMillis(Math.round(1000 * row.getDouble("seconds")))
				: null;
	}

}
