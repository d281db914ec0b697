package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import io.jobstarter.JobState;
import org.jspecify.annotations.Nullable;

/**
 * Jobs of one state in one queue, of which some were read.
 *
 * @param state their state; those that run count as ready
 * @param queue their queue
 * @param blockedBy what they wait for, if they do
 * @param jobs how many were read
 * @param weight for how many each of these stands
 */
record SampledJobs(JobState state, String queue, @Nullable String blockedBy, long jobs, double weight) {

	SampledJobs(ResultSet row, int number) throws SQLException {
		this(switch (row.getInt("state")) {
			case 0 -> JobState.READY;
			case 1 -> JobState.SCHEDULED;
			default -> JobState.BLOCKED;
		}, StoredQueue.queueOf(row.getString("queue")), row.getString("blocked_by"), row.getLong("jobs"),
				row.getDouble("weight"));
	}

	static List<SampledJobs> of(List<SampledJobs> samples, JobState state) {
		return samples.stream().filter((sample) -> sample.state() == state).toList();
	}

	static long jobs(List<SampledJobs> samples, JobState state) {
		return of(samples, state).stream().mapToLong(SampledJobs::jobs).sum();
	}

	double estimate() {
		return this.jobs * this.weight;
	}

	void countIn(Depths depths) {
		depths.counted(this.queue, this.state, this.jobs);
		depths.parked(this.blockedBy, this.jobs);
	}

	void estimateIn(Depths depths) {
		depths.estimated(this.queue, this.state, estimate());
		depths.parked(this.blockedBy, estimate());
	}

}
