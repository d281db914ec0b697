package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.QueueInfo.FleetUse;
import io.jobstarter.support.Names;
import org.jspecify.annotations.Nullable;

/**
 * Reads what queues hold and what was set of them.
 */
final class QueueQueries {

	private static final String DEPTHS = """
			select j.queue, j.priority, j.job_state, count(*) as depth, min(j.due_at) as oldest
			from (select queue, priority, due_at,
			          case when worker is not null then 'RUNNING' when state = 0 then 'READY'
			              when state = 1 then 'SCHEDULED' else 'BLOCKED' end as job_state
			      from background_job_job) j
			group by j.queue, j.priority, j.job_state
			""";

	private static final String PAUSED = """
			select name from background_job_queue where paused_at is not null
			""";

	private static final String CHANGED = """
			select name, paused_at, pause_reason, paused_by, concurrency from background_job_queue
			where paused_at is not null or concurrency is not null
			""";

	private static final String FLEET = """
			select f.name, max(f.set_to) as set_to, min(f.declared) as declared, sum(f.slots) as slots
			from (select name, fleet_concurrency as set_to, cast(null as integer) as declared, 0 as slots
			      from background_job_queue where fleet_concurrency is not null
			      union all
			      select name, cast(null as integer), declared, slots
			      from background_job_fleet_slots where worker <> 0) f
			group by f.name
			""";

	private final Reads reads;

	private final DepthReader reader;

	/**
	 * Makes the queries.
	 * @param reads runs them
	 * @param reader reads what the queues hold
	 */
	QueueQueries(Reads reads, DepthReader reader) {
		this.reads = reads;
		this.reader = reader;
	}

	List<QueueInfo> list() {
		Depths depths = new Depths();
		this.reader.read(depths);
		return list(depths);
	}

	List<QueueInfo> count() {
		Depths depths = new Depths();
		this.reads.query(DEPTHS, Map.of(), Count::new).forEach((count) -> count.addTo(depths));
		return list(depths);
	}

	/**
	 * Puts what queues hold and what was set of them together.
	 * @param depths what they hold
	 * @return the queues, by name
	 */
	List<QueueInfo> list(Depths depths) {
		Map<String, QueueInfo> queues = new TreeMap<>();
		depths.forEach((name, depth) -> queues.put(name, new QueueInfo(name, depth.jobs(), depth.oldest(), null, null,
				null, null, depth.estimated(), null, depth.priorities())));
		this.reads.querySmall(CHANGED, Map.of(), (row, number) -> changed(row, queues))
			.forEach((queue) -> queues.put(queue.name(), queue));
		this.reads.querySmall(FLEET, Map.of(), Fleet::new).forEach((fleet) -> fleet.addTo(queues));
		return List.copyOf(queues.values());
	}

	private static QueueInfo changed(ResultSet row, Map<String, QueueInfo> queues) throws SQLException {
		String name = row.getString("name");
		QueueInfo depth = queues.getOrDefault(name, new QueueInfo(name, Map.of(), null, null, null, null, null));
		return new QueueInfo(name, depth.depth(), depth.oldestReadyAt(), Values.nullableInstant(row, "paused_at"),
				row.getString("pause_reason"), row.getObject("concurrency", Integer.class), row.getString("paused_by"),
				depth.estimated(), null, depth.priorities());
	}

	/**
	 * Lists the queues that are paused, without counting what they hold.
	 * @param statements runs the statement
	 * @return their names
	 */
	static Set<String> paused(Statements statements) {
		return statements.of(PAUSED).query((row, number) -> row.getString("name")).set();
	}

	/**
	 * What bounds a queue, or a wildcard, over all nodes.
	 *
	 * @param name its name
	 * @param set what an operator has set
	 * @param declared the lowest number that a node is configured to
	 * @param slots how many slots nodes have
	 */
	private record Fleet(String name, @Nullable Integer set, @Nullable Integer declared, int slots) {

		Fleet(ResultSet row, int number) throws SQLException {
			this(row.getString("name"), row.getObject("set_to", Integer.class),
					row.getObject("declared", Integer.class), row.getInt("slots"));
		}

		// A wildcard is no queue.
		void addTo(Map<String, QueueInfo> queues) {
			Integer limit = (this.set != null) ? this.set : this.declared;
			if (limit == null || !Names.isQueue(this.name)) {
				return;
			}
			QueueInfo queue = queues.getOrDefault(this.name,
					new QueueInfo(this.name, Map.of(), null, null, null, null, null));
			queues.put(this.name,
					new QueueInfo(this.name, queue.depth(), queue.oldestReadyAt(), queue.pausedAt(),
							queue.pauseReason(), queue.concurrency(), queue.pausedBy(), queue.estimated(),
							new FleetUse(limit, this.set != null, this.slots), queue.priorities()));
		}

	}

	/**
	 * Jobs of one state and priority in one queue.
	 *
	 * @param queue their queue
	 * @param priority their priority
	 * @param state their state
	 * @param jobs how many
	 * @param oldest when the first was due
	 */
	private record Count(String queue, int priority, JobState state, long jobs, Instant oldest) {

		Count(ResultSet row, int number) throws SQLException {
			this(StoredQueue.queueOf(row.getString("queue")), row.getInt("priority"),
					JobState.valueOf(row.getString("job_state")), row.getLong("depth"), Values.instant(row, "oldest"));
		}

		void addTo(Depths depths) {
			depths.counted(this.queue, this.state, this.jobs);
			if (this.state == JobState.READY || this.state == JobState.RUNNING) {
				depths.lane(this.queue, this.priority, (this.state == JobState.READY) ? this.oldest : null);
			}
		}

	}

}
