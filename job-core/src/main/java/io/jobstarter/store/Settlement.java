package io.jobstarter.store;

import io.jobstarter.JobOutcome;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, to be written.
 *
 * @param job the job
 * @param outcome how it ended
 * @param ruleCounts how often each retry rule has decided by now, or {@code null}: opaque
 * to the store, which keeps it for the next claim
 * @param callback whether the handler is to be told if this makes a dead letter
 */
public record Settlement(ClaimedJob job, JobOutcome outcome, @Nullable String ruleCounts, boolean callback) {

	/**
	 * Makes a settlement of which no handler is told.
	 * @param job the job
	 * @param outcome how it ended
	 * @param ruleCounts how often each retry rule has decided by now, or {@code null}
	 */
	public Settlement(ClaimedJob job, JobOutcome outcome, @Nullable String ruleCounts) {
		this(job, outcome, ruleCounts, false);
	}

}
