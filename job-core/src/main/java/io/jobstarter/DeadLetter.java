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
 * @param attempts how many attempts failed
 * @param crashes how many workers died while they ran it
 * @param enqueuedAt when it was enqueued
 * @param firstFailedAt when its first failure was settled
 * @param diedAt when it died
 * @param worker the worker that made the last attempt
 * @param tags its tags
 * @param headers its headers
 * @param payload its payload
 * @param resolvedAt when it was resolved, if it is
 * @param retriedAs the job that was enqueued in its place, if it was redriven
 */
public record DeadLetter(JobId id, String name, String queue, int priority, DeadReason reason, JobFailure failure,
		int attempts, int crashes, Instant enqueuedAt, Instant firstFailedAt, Instant diedAt, @Nullable Long worker,
		List<String> tags, Map<String, String> headers, String payload, @Nullable Instant resolvedAt,
		@Nullable JobId retriedAs) {

	/**
	 * Whether nobody has redriven or discarded it yet.
	 * @return whether it is open
	 */
	public boolean isOpen() {
		return this.resolvedAt == null;
	}

}
