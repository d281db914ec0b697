package io.jobstarter;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A redrive by filter as operators see it.
 *
 * @param id its id
 * @param state where it stands
 * @param filter which letters it takes
 * @param pause the time from one job to the next
 * @param canary what goes first
 * @param progress how far it has come
 * @param createdAt when it was made
 * @param startedBy who made it, and why
 * @param changedAt when it came into its state
 * @param changedBy who cancelled or resumed it last, and why, if anybody did
 * @param finishedAt when it was done or cancelled, if it is
 * @param stoppedBecause why it has stopped, with figures, while it has
 */
public record RedriveInfo(long id, RedriveState state, DeadLetterFilter filter, Duration pause, RedriveCanary canary,
		Progress progress, Instant createdAt, Audit startedBy, Instant changedAt, @Nullable Audit changedBy,
		@Nullable Instant finishedAt, @Nullable String stoppedBecause) {

	/**
	 * How far a redrive has come.
	 *
	 * @param matching how many open letters its filter met when it was made
	 * @param redriven how many jobs it has enqueued; once it is done, somebody else has
	 * resolved the rest of the letters
	 * @param canarySent how many jobs of its canary it has enqueued
	 * @param canarySucceeded how many of them have succeeded, as far as that was looked
	 * at
	 * @param canaryFailed how many of them have failed
	 */
	public record Progress(long matching, long redriven, int canarySent, int canarySucceeded, int canaryFailed) {
	}

}
