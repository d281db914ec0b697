package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import io.jobstarter.JobState;
import org.jspecify.annotations.Nullable;

/**
 * Jobs of one state in one queue, of which some were read.
 *
 * @param state their state
 * @param queue their queue
 * @param blockedBy what they wait for, if they do
 * @param jobs how many were read
 */
record WaitingSample(JobState state, String queue, @Nullable String blockedBy, double jobs) {

	WaitingSample(ResultSet row, int number) throws SQLException {
		this((row.getInt("state") == 1) ? JobState.SCHEDULED : JobState.BLOCKED, row.getString("queue"),
				row.getString("blocked_by"), row.getDouble("jobs"));
	}

	/**
	 * Adds up.
	 * @param samples what was read
	 * @param state a state
	 * @return how many jobs of the state were read
	 */
	static double jobs(List<WaitingSample> samples, JobState state) {
		return samples.stream().filter((sample) -> sample.state() == state).mapToDouble(WaitingSample::jobs).sum();
	}

	void countIn(Depths depths) {
		depths.counted(this.queue, this.state, Math.round(this.jobs));
		depths.parked(this.blockedBy, this.jobs);
	}

	void estimateIn(Depths depths, double factor) {
		depths.estimated(this.queue, this.state, this.jobs * factor);
		depths.parked(this.blockedBy, this.jobs * factor);
	}

}
