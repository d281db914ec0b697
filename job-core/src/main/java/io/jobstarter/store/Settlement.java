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
 */
public record Settlement(ClaimedJob job, JobOutcome outcome, @Nullable String ruleCounts) {
}
