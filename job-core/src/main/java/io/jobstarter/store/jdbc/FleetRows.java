package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.store.FleetQueue;
import io.jobstarter.store.FleetQueue.FleetShare;
import org.jspecify.annotations.Nullable;

/**
 * Reads how the slots of queues are divided that are bounded over all nodes.
 */
final class FleetRows {

	private static final String SHARES = """
			select name, worker, slots, wanted, turn, since, declared, clock_timestamp() as now
			from background_job_fleet_slots
			where name = any (cast(:names as varchar array)) and worker <> 0
			""";

	private static final String SET = """
			select name, fleet_concurrency from background_job_queue
			where name = any (cast(:names as varchar array)) and fleet_concurrency is not null
			""";

	private final Statements statements;

	FleetRows(Statements statements) {
		this.statements = statements;
	}

	/**
	 * Reads them, in the transaction of the calling thread.
	 * @param names queues and wildcards, at least one
	 * @return each of them
	 */
	List<FleetQueue> read(Collection<String> names) {
		List<Row> rows = this.statements.of(SHARES).param("names", names.toArray(String[]::new)).query(Row::new).list();
		Map<String, Integer> set = new HashMap<>();
		this.statements.of(SET).param("names", names.toArray(String[]::new)).query((row) -> {
			set.put(row.getString("name"), row.getInt("fleet_concurrency"));
		});
		return names.stream().map((name) -> queue(name, set.get(name), rows)).toList();
	}

	private static FleetQueue queue(String name, @Nullable Integer set, List<Row> rows) {
		return new FleetQueue(name, set,
				rows.stream().filter((row) -> row.name().equals(name)).map(Row::share).toList());
	}

	/**
	 * A share of a queue.
	 *
	 * @param name the queue
	 * @param share the share
	 */
	private record Row(String name, FleetShare share) {

		Row(ResultSet row, int number) throws SQLException {
			this(row.getString("name"), new FleetShare(row.getLong("worker"), row.getInt("slots"), row.getInt("wanted"),
					row.getLong("turn"), age(row), row.getObject("declared", Integer.class)));
		}

		private static Duration age(ResultSet row) throws SQLException {
			Instant since = Values.instant(row, "since");
			Instant now = Values.instant(row, "now");
			return now.isAfter(since) ? Duration.between(since, now) : Duration.ZERO;
		}

	}

}
