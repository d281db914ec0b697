package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.jobstarter.JobState;
import org.jspecify.annotations.Nullable;

/**
 * Depths on H2: tables of up to 100,000 jobs are counted; of larger ones as many are, and
 * stand for the others.
 */
final class H2Depths implements DepthReader {

	private static final int MOST = 100_000;

	private static final String SIZE = """
			select count(*) as jobs from background_job_job
			""";

	private static final String FIRST = """
			select j.queue, j.priority, j.job_state, j.blocked_by, count(*) as jobs, min(j.due_at) as oldest
			from (select queue, priority, due_at, blocked_by,
			          case when worker is not null then 'RUNNING' when state = 0 then 'READY'
			              when state = 1 then 'SCHEDULED' else 'BLOCKED' end as job_state
			      from background_job_job order by id fetch first :most rows only) j
			group by j.queue, j.priority, j.job_state, j.blocked_by
			""";

	private final Reads reads;

	H2Depths(Reads reads) {
		this.reads = reads;
	}

	@Override
	public void read(Depths depths) {
		List<Group> groups = this.reads.query(FIRST, Map.of("most", MOST), Group::new);
		long counted = groups.stream().mapToLong(Group::jobs).sum();
		double factor = 1;
		if (counted >= MOST) {
			factor = this.reads.query(SIZE, Map.of(), (row, number) -> row.getDouble("jobs")).get(0) / counted;
		}
		for (Group group : groups) {
			group.reportTo(depths, factor);
		}
	}

	/**
	 * Jobs of one state and priority in one queue.
	 *
	 * @param queue their queue
	 * @param priority their priority
	 * @param state their state
	 * @param blockedBy what they wait for, if they do
	 * @param jobs how many were counted
	 * @param oldest when the first was due
	 */
	private record Group(String queue, int priority, JobState state, @Nullable String blockedBy, long jobs,
			Instant oldest) {

		Group(ResultSet row, int number) throws SQLException {
			this(StoredQueue.queueOf(row.getString("queue")), row.getInt("priority"),
					JobState.valueOf(row.getString("job_state")), row.getString("blocked_by"), row.getLong("jobs"),
					Values.instant(row, "oldest"));
		}

		void reportTo(Depths depths, double factor) {
			if (factor == 1) {
				depths.counted(this.queue, this.state, this.jobs);
			}
			else {
				depths.estimated(this.queue, this.state, this.jobs * factor);
			}
			if (this.state == JobState.BLOCKED) {
				depths.parked(this.blockedBy, this.jobs * factor);
			}
			if (this.state == JobState.READY || this.state == JobState.RUNNING) {
				depths.lane(this.queue, this.priority, (this.state == JobState.READY) ? this.oldest : null);
			}
		}

	}

}
