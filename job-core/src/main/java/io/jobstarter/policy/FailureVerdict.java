package io.jobstarter.policy;

import java.time.Duration;

import io.jobstarter.DueTime;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a job after a failure.
 */
public sealed interface FailureVerdict {

	/**
	 * Another attempt.
	 *
	 * @param delay how long to wait
	 * @param rule the key of the rule that decided, or {@code null} for the policy
	 */
	record Retry(Duration delay, @Nullable String rule) implements FailureVerdict {
	}

	/**
	 * No attempt is left.
	 */
	record GiveUp() implements FailureVerdict {
	}

	/**
	 * The job need not be done any more.
	 *
	 * @param reason why
	 * @param failed whether an exception is the reason, rather than the handler's word
	 */
	record Discard(String reason, boolean failed) implements FailureVerdict {
	}

	/**
	 * It was too early.
	 *
	 * @param due when to try
	 * @param reason why, for people
	 */
	record Snooze(DueTime due, String reason) implements FailureVerdict {
	}

}
