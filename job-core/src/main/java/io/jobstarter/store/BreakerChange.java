package io.jobstarter.store;

import java.time.Duration;

import io.jobstarter.BreakerState;
import org.jspecify.annotations.Nullable;

/**
 * What a circuit breaker is to become.
 *
 * @param name its name
 * @param state its state from now on
 * @param openings how many times in a row it has opened by now
 * @param delay how long it stays open, counted by the database; {@code null} if it does
 * not open
 * @param reason why
 * @param by who says so
 */
public record BreakerChange(String name, BreakerState state, int openings, @Nullable Duration delay,
		@Nullable String reason, String by) {

	/**
	 * Opens a breaker.
	 * @param name its name
	 * @param openings how many times in a row it has opened by now
	 * @param delay how long it stays open
	 * @param reason why
	 * @param by who says so
	 * @return the change
	 */
	public static BreakerChange open(String name, int openings, Duration delay, String reason, String by) {
		return new BreakerChange(name, BreakerState.OPEN, openings, delay, reason, by);
	}

	/**
	 * Closes a breaker.
	 * @param name its name
	 * @param by who says so
	 * @return the change
	 */
	public static BreakerChange close(String name, String by) {
		return new BreakerChange(name, BreakerState.CLOSED, 0, null, null, by);
	}

}
