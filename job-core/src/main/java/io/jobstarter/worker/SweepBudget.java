package io.jobstarter.worker;

import java.time.Duration;

/**
 * Keeps sweeps, which read lanes from their beginnings, within five percent of the time,
 * unless one takes longer than a second and a half.
 */
final class SweepBudget {

	private static final int SHARE = 20;

	/** So that one sweep that stalled does not keep late rows waiting for minutes. */
	private static final long LONGEST_PAUSE = Duration.ofSeconds(30).toNanos();

	private long nextAt = System.nanoTime();

	boolean allows() {
		return nanosUntilAllowed() <= 0;
	}

	Duration untilAllowed() {
		return Duration.ofNanos(Math.max(1, nanosUntilAllowed()));
	}

	void spent(long nanos) {
		this.nextAt = System.nanoTime() + Math.min(nanos * (SHARE - 1), LONGEST_PAUSE);
	}

	private long nanosUntilAllowed() {
		return this.nextAt - System.nanoTime();
	}

}
