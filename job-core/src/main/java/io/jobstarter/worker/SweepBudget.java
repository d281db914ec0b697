package io.jobstarter.worker;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps something that is done again and again within a share of the time, unless it
 * takes so long that the pause would be too long.
 */
final class SweepBudget {

	private final int share;

	private final long longestPause;

	private final LongSupplier nanoTime;

	private long pause;

	private long nextAt;

	/**
	 * Makes a budget.
	 * @param share how many times as long as it takes must pass from one start to the
	 * next: 20 for five percent of the time
	 * @param longestPause the longest pause, so that one that stalled does not keep late
	 * rows waiting for minutes
	 * @param nanoTime the time, as {@link System#nanoTime()} has it
	 */
	SweepBudget(int share, Duration longestPause, LongSupplier nanoTime) {
		this.share = share;
		this.longestPause = longestPause.toNanos();
		this.nanoTime = nanoTime;
		this.nextAt = nanoTime.getAsLong();
	}

	boolean allows() {
		return nanosUntilAllowed() <= 0;
	}

	Duration untilAllowed() {
		return Duration.ofNanos(Math.max(1, nanosUntilAllowed()));
	}

	void spent(long nanos) {
		this.pause = Math.min(nanos * (this.share - 1), this.longestPause);
		pause();
	}

	/**
	 * Pauses as long as after the last time: something else has just done it as well.
	 */
	void pause() {
		this.nextAt = this.nanoTime.getAsLong() + this.pause;
	}

	private long nanosUntilAllowed() {
		return this.nextAt - this.nanoTime.getAsLong();
	}

}
