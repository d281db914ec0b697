package io.jobstarter.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether a failed attempt is followed by another. The wait is a row in the
 * database, never a sleeping thread.
 */
@FunctionalInterface
public interface RetryPolicy {

	/**
	 * Decides on a failure.
	 * @param failures how many failures this policy has judged, this one included
	 * @param error what went wrong
	 * @return how long to wait for the next attempt, or empty to give up
	 */
	Optional<Duration> delayAfter(int failures, Throwable error);

}
