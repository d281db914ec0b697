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
 * @param trace the span of the attempt, which a dead letter keeps for the job that is
 * enqueued in its place, or {@code null}
 */
public record Settlement(ClaimedJob job, JobOutcome outcome, @Nullable String ruleCounts, boolean callback,
		@Nullable String trace) {

	/**
	 * Makes a settlement of an attempt that was not traced.
	 * @param job the job
	 * @param outcome how it ended
	 * @param ruleCounts how often each retry rule has decided by now, or {@code null}
	 * @param callback whether the handler is to be told if this makes a dead letter
	 */
	public Settlement(ClaimedJob job, JobOutcome outcome, @Nullable String ruleCounts, boolean callback) {
		this(job, outcome, ruleCounts, callback, null);
	}

	/**
	 * Makes a settlement of which no handler is told.
	 * @param job the job
	 * @param outcome how it ended
	 * @param ruleCounts how often each retry rule has decided by now, or {@code null}
	 */
	public Settlement(ClaimedJob job, JobOutcome outcome, @Nullable String ruleCounts) {
		this(job, outcome, ruleCounts, false, null);
	}

}
