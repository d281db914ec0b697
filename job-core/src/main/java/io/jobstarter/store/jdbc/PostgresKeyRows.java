package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.springframework.jdbc.core.RowMapper;

/**
 * The rows of keys on PostgreSQL, where permits are taken, and given back, in one
 * statement each.
 */
final class PostgresKeyRows extends KeyRows {

	// A claim that a crash of the database undid would let its bodies run on beside those
	// that get the permits then: such a claim waits for the disk, as this database is set
	// up to do. All nodes may need these rows: a node that is stopped in the midst of a
	// claim keeps them for as long as a transaction may be idle. "granted" is there for
	// "returning", which sees new values only.
	private static final String TAKE = """
			set local synchronous_commit to default;
			set local idle_in_transaction_session_timeout to '5s';
			insert into background_job_key as k (name, limit_name, permits, granted, running, touched_at)
			select w.name, w.limit_name, w.permits, least(w.jobs, w.permits), least(w.jobs, w.permits),
			    clock_timestamp()
			from (select u.name, u.limit_name, u.jobs,
			          case when u.is_order then 1 else coalesce((select l.permits from background_job_limit l
			              where l.name = u.limit_name), u.permits) end as permits
			      from unnest(cast(:names as varchar array), cast(:limitNames as varchar array),
			              cast(:orders as boolean array), cast(:jobs as int array), cast(:permits as int array))
			          u (name, limit_name, is_order, jobs, permits)) w
			order by w.name
			on conflict (name) do update
			set granted = greatest(0, least(excluded.running, excluded.permits - k.running)),
			    running = k.running + greatest(0, least(excluded.running, excluded.permits - k.running)),
			    permits = excluded.permits, touched_at = excluded.touched_at
			returning name, granted, waiting
			""";

	private static final String GIVE_BACK = """
			with locked as materialized (
			    select name from background_job_key
			    where name = any (cast(:names as varchar array))
			    order by name for update)
			update background_job_key k
			set running = k.running - c.jobs, touched_at = clock_timestamp()
			from locked l
			join unnest(cast(:names as varchar array), cast(:jobs as int array)) c (name, jobs) on c.name = l.name
			where k.name = l.name
			returning k.name, k.running, k.permits, k.waiting
			""";

	private static final RowMapper<Map.Entry<String, Taken>> TAKEN = (row, number) -> Map.entry(row.getString(1),
			new Taken(row.getInt(2), row.getInt(3) == 1));

	private final PostgresRoundTrip roundTrip;

	PostgresKeyRows(Statements statements, Dialect dialect, PostgresRoundTrip roundTrip) {
		super(statements, dialect);
		this.roundTrip = roundTrip;
	}

	@Override
	Map<String, Taken> take(Collection<Wanted> wanted) {
		Map<String, Object> parameters = Map.of( //
				"names", wanted.stream().map(Wanted::name).toArray(String[]::new), //
				"limitNames", wanted.stream().map(Wanted::limit).toArray(String[]::new), //
				"orders", wanted.stream().map(Wanted::isOrder).toArray(Boolean[]::new), //
				"jobs", wanted.stream().map(Wanted::count).toArray(Integer[]::new), //
				"permits", wanted.stream().map(Wanted::permits).toArray(Integer[]::new));
		Map<String, Taken> taken = new HashMap<>();
		this.roundTrip.query(TAKE, parameters, TAKEN).forEach((one) -> taken.put(one.getKey(), one.getValue()));
		return taken;
	}

	@Override
	Map<String, KeyRow> giveBack(Map<String, Integer> counts) {
		Map<String, KeyRow> rows = new HashMap<>();
		statements().of(GIVE_BACK)
			.param("names", counts.keySet().toArray(String[]::new))
			.param("jobs", counts.values().toArray(Integer[]::new))
			.query((row) -> {
				rows.put(row.getString("name"), new KeyRow(row));
			});
		return rows;
	}

}
