package io.jobstarter.store;

import java.time.Duration;

import io.jobstarter.BreakerState;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker as the fleet knows it.
 *
 * @param name its name
 * @param state its state
 * @param generation how many times it has changed
 * @param openings how many times in a row it has opened
 * @param left how long it stays open yet, from the moment it was read; zero or less once
 * it may be probed, {@code null} if that does not end by itself
 * @param prober the worker that probes it
 * @param proberAlive whether that worker has its lease
 */
public record BreakerRow(String name, BreakerState state, long generation, int openings, @Nullable Duration left,
		@Nullable Long prober, boolean proberAlive) {

	private static final String PARKED = "circuit:";

	/**
	 * What nobody has written anything about.
	 * @param name the breaker's name
	 * @return a closed one
	 */
	public static BreakerRow closed(String name) {
		return new BreakerRow(name, BreakerState.CLOSED, 0, 0, null, null, false);
	}

	/**
	 * Tells whether a worker may probe now.
	 * @param worker the worker
	 * @return whether it waits to be probed, or its prober is this one or gone
	 */
	public boolean mayBeProbedBy(long worker) {
		return switch (this.state) {
			case OPEN -> this.left != null && this.left.compareTo(Duration.ZERO) <= 0;
			case HALF_OPEN -> !this.proberAlive || isProbedBy(worker);
			case CLOSED, FORCED_OPEN, FORCED_CLOSED -> false;
		};
	}

	/**
	 * Tells whether a worker probes it.
	 * @param worker the worker
	 * @return whether it is the prober
	 */
	public boolean isProbedBy(long worker) {
		return this.state == BreakerState.HALF_OPEN && this.prober != null && this.prober == worker;
	}

	/**
	 * Says why a job is blocked that waits for a breaker.
	 * @param name the breaker's name
	 * @return the reason, as it stands in the row of the job
	 */
	public static String parking(String name) {
		return PARKED + name;
	}

	/**
	 * Tells which breaker a job waits for.
	 * @param reason why it is blocked
	 * @return the breaker's name, or {@code null} if it waits for something else
	 */
	public static @Nullable String breakerOf(String reason) {
		return reason.startsWith(PARKED) ? reason.substring(PARKED.length()) : null;
	}

}
