package io.jobstarter.worker;

import java.time.Duration;

/**
 * Keeps sweeps, which read lanes from their beginnings, within five percent of the time.
 */
final class SweepBudget {

	private static final int SHARE = 20;

	private long nextAt = System.nanoTime();

	boolean allows() {
		return nanosUntilAllowed() <= 0;
	}

	Duration untilAllowed() {
		return Duration.ofNanos(Math.max(1, nanosUntilAllowed()));
	}

	void spent(long nanos) {
		this.nextAt = System.nanoTime() + nanos * (SHARE - 1);
	}

	private long nanosUntilAllowed() {
		return this.nextAt - System.nanoTime();
	}

}
