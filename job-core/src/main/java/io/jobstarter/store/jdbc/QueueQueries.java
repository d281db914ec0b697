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
				null, null, depth.estimated(), depth.priorities())));
		this.reads.querySmall(CHANGED, Map.of(), (row, number) -> changed(row, queues))
			.forEach((queue) -> queues.put(queue.name(), queue));
		return List.copyOf(queues.values());
	}

	private static QueueInfo changed(ResultSet row, Map<String, QueueInfo> queues) throws SQLException {
		String name = row.getString("name");
		QueueInfo depth = queues.getOrDefault(name, new QueueInfo(name, Map.of(), null, null, null, null, null));
		return new QueueInfo(name, depth.depth(), depth.oldestReadyAt(), Values.nullableInstant(row, "paused_at"),
				row.getString("pause_reason"), row.getObject("concurrency", Integer.class), row.getString("paused_by"),
				depth.estimated(), depth.priorities());
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
