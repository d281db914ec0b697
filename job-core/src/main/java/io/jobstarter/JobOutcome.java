package io.jobstarter;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How one attempt ended: a value, decided by the execution and written once by the worker
 * that holds the job.
 */
public sealed interface JobOutcome {

	/**
	 * The handler returned.
	 */
	record Succeeded() implements JobOutcome {
	}

	/**
	 * The attempt failed and another one will be made.
	 *
	 * @param failure what went wrong
	 * @param delay how long to wait
	 * @param rule the key of the retry rule that decided, or {@code null} for the policy
	 */
	record Retried(JobFailure failure, Duration delay, @Nullable String rule) implements JobOutcome {
	}

	/**
	 * The job becomes a dead letter.
	 *
	 * @param reason why
	 * @param failure what went wrong
	 */
	record Dead(DeadReason reason, JobFailure failure) implements JobOutcome {
	}

	/**
	 * The job need not be done any more.
	 *
	 * @param reason why
	 * @param failure what went wrong, if the reason is a failure
	 */
	record Discarded(String reason, @Nullable JobFailure failure) implements JobOutcome {
	}

	/**
	 * The job is due again later; no attempt is used up.
	 *
	 * @param due when
	 * @param reason why, for people; {@code null} if that is not known
	 */
	record Snoozed(DueTime due, @Nullable String reason) implements JobOutcome {

		/**
		 * Puts a job off without saying why.
		 * @param due when it is due
		 */
		public Snoozed(DueTime due) {
			this(due, null);
		}

	}

	/**
	 * The job goes back to the front of its lane; no attempt is used up.
	 *
	 * @param reason why, for the log
	 */
	record Returned(String reason) implements JobOutcome {
	}

	/**
	 * The job was not permitted to start: it is blocked until what it waits for releases
	 * it; no attempt is used up, and it keeps its place.
	 *
	 * @param reason what it waits for
	 */
	record Parked(String reason) implements JobOutcome {
	}

	/**
	 * The job ended early because somebody cancelled it.
	 */
	record Cancelled() implements JobOutcome {
	}

	/**
	 * The outcome's name for logs and meters.
	 * @return one lower-case word
	 */
	default String label() {
		return getClass().getSimpleName().toLowerCase(Locale.ROOT);
	}

}
