package io.jobstarter;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What became of the last job of a recurring job.
 *
 * @param job the job
 * @param fireAt the fire that it was enqueued for
 * @param state where it stands or how it ended, or {@code null} if that is not known any
 * more
 * @param startedAt when its present or last attempt started, if it has and that is known
 * @param finishedAt when it was over, if it is and that is known
 */
public record RecurringRun(JobId job, Instant fireAt, @Nullable JobState state, @Nullable Instant startedAt,
		@Nullable Instant finishedAt) {

	/**
	 * How long its last attempt took.
	 * @return the time, or {@code null} if it is not over or not known
	 */
	public @Nullable Duration duration() {
		return (this.startedAt != null && this.finishedAt != null) ? Duration.between(this.startedAt, this.finishedAt)
				: null;
	}

}
