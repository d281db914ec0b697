package io.jobstarter.store.jdbc;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import org.jspecify.annotations.Nullable;

/**
 * Counts queues.
 */
final class QueueQueries {

	private static final String DEPTHS = """
			select j.queue, j.job_state, count(*) as depth, min(j.due_at) as oldest
			from (select queue, due_at,
			          case when worker is not null then 'RUNNING' when state = 0 then 'READY'
			              when state = 1 then 'SCHEDULED' else 'BLOCKED' end as job_state
			      from background_job_job) j
			group by j.queue, j.job_state
			""";

	private static final String PAUSED = """
			select name from background_job_queue where paused_at is not null
			""";

	private static final String CHANGED = """
			select name, paused_at, pause_reason, paused_by, concurrency from background_job_queue
			where paused_at is not null or concurrency is not null
			""";

	private final Statements statements;

	QueueQueries(Statements statements) {
		this.statements = statements;
	}

	List<QueueInfo> list() {
		Map<String, Queue> queues = new TreeMap<>();
		this.statements.of(DEPTHS).query((row) -> {
			Queue queue = queues.computeIfAbsent(row.getString("queue"), Queue::new);
			queue.count(JobState.valueOf(row.getString("job_state")), row.getLong("depth"),
					Values.instant(row, "oldest"));
		});
		this.statements.of(CHANGED).query((row) -> {
			Queue queue = queues.computeIfAbsent(row.getString("name"), Queue::new);
			queue.pausedAt = Values.nullableInstant(row, "paused_at");
			queue.pauseReason = row.getString("pause_reason");
			queue.pausedBy = row.getString("paused_by");
			queue.concurrency = row.getObject("concurrency", Integer.class);
		});
		return queues.values().stream().map(Queue::info).toList();
	}

	/**
	 * Lists the queues that are paused, without counting what they hold.
	 * @return their names
	 */
	Set<String> paused() {
		return this.statements.of(PAUSED).query((row, number) -> row.getString("name")).set();
	}

	/**
	 * A queue while it is counted.
	 */
	private static final class Queue {

		private final String name;

		private final Map<JobState, Long> depth = new EnumMap<>(JobState.class);

		private @Nullable Instant oldestReadyAt;

		private @Nullable Instant pausedAt;

		private @Nullable String pauseReason;

		private @Nullable String pausedBy;

		private @Nullable Integer concurrency;

		Queue(String name) {
			this.name = name;
		}

		void count(JobState state, long depth, Instant oldest) {
			this.depth.put(state, depth);
			if (state == JobState.READY) {
				this.oldestReadyAt = oldest;
			}
		}

		QueueInfo info() {
			return new QueueInfo(this.name, this.depth, this.oldestReadyAt, this.pausedAt, this.pauseReason,
					this.concurrency, this.pausedBy);
		}

	}

}
