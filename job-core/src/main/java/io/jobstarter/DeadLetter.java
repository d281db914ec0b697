package io.jobstarter;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A job that died, kept until somebody redrives or discards it.
 *
 * @param id the id of the job that died
 * @param name its name
 * @param queue its queue
 * @param priority its priority
 * @param reason why it died
 * @param failure what went wrong last
 * @param fingerprint what kind of failure that is: the same for letters that died of the
 * same cause at the same place; empty for a letter of an earlier release until it is
 * filled in, within minutes
 * @param attempts how many attempts failed
 * @param crashes how many workers died while they ran it
 * @param enqueuedAt when it was enqueued
 * @param firstFailedAt when its first failure was settled
 * @param diedAt when it died
 * @param worker the worker that made the last attempt
 * @param tags its tags
 * @param headers its headers
 * @param payload its payload
 * @param resolution what somebody did about it, or {@code null} while it is open
 */
public record DeadLetter(JobId id, String name, String queue, int priority, DeadReason reason, JobFailure failure,
		String fingerprint, int attempts, int crashes, Instant enqueuedAt, Instant firstFailedAt, Instant diedAt,
		@Nullable Long worker, List<String> tags, Map<String, String> headers, String payload,
		@Nullable DeadLetterResolution resolution) {

	/**
	 * Whether nobody has redriven or discarded it yet.
	 * @return whether it is open
	 */
	public boolean isOpen() {
		return this.resolution == null;
	}

	/**
	 * What was done about it.
	 * @return its state
	 */
	public DeadLetterState state() {
		return (this.resolution != null) ? this.resolution.state() : DeadLetterState.OPEN;
	}

	/**
	 * The job that was enqueued in its place.
	 * @return its id, or {@code null} if it was not retried
	 */
	public @Nullable JobId retriedAs() {
		return (this.resolution != null) ? this.resolution.retriedAs() : null;
	}

}
