package io.jobstarter.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keeps the retries of a queue to a share of its first attempts, over a window of time
 * that slides, so that the retries of an outage do not make another one. A few are always
 * allowed.
 */
public final class RetryBudget {

	private static final int SLICES = 10;

	/** How many windows a retry is put off at most, before it asks again. */
	private static final int WINDOWS = 10;

	private final double share;

	private final int least;

	private final long sliceNanos;

	private final long[] firsts = new long[SLICES];

	private final long[] retries = new long[SLICES];

	private final PutOffs putOffs;

	private final long start;

	private long slice;

	/**
	 * Makes the budget of a queue.
	 * @param share how many retries there may be for each first attempt
	 * @param least how many retries there may be in a window at least, 1 or more
	 * @param window the window
	 * @param now the present {@link System#nanoTime()}
	 */
	public RetryBudget(double share, int least, Duration window, long now) {
		this.share = share;
		this.least = least;
		this.sliceNanos = Math.max(1, window.toNanos() / SLICES);
		this.start = now;
		// There is little room in an outage, and more when it is over: what was put off
		// by
		// the pace of the outage must not go on waiting.
		this.putOffs = new PutOffs(() -> ThreadLocalRandom.current().nextDouble(), window.multipliedBy(WINDOWS));
	}

	/**
	 * Counts a first attempt.
	 * @param now the present {@link System#nanoTime()}
	 */
	public synchronized void first(long now) {
		slide(now);
		this.firsts[slot()]++;
	}

	/**
	 * Asks for a retry, and counts it if there is room for it.
	 * @param now the present {@link System#nanoTime()}
	 * @return empty if it may begin, or else how long it has to wait
	 */
	public synchronized Optional<Duration> retry(long now) {
		slide(now);
		double allowed = Math.max(this.least, this.share * sum(this.firsts));
		if (sum(this.retries) + 1 <= allowed) {
			this.retries[slot()]++;
			return Optional.empty();
		}
		long distance = (long) (SLICES * this.sliceNanos / allowed);
		return Optional.of(this.putOffs.delay(now, room(now), distance));
	}

	/**
	 * Takes back what was counted last, since that attempt did not begin.
	 * @param first whether it was a first attempt
	 */
	public synchronized void undo(boolean first) {
		long[] counts = first ? this.firsts : this.retries;
		counts[slot()] = Math.max(0, counts[slot()] - 1);
	}

	/**
	 * Tells whether nothing is left in the window.
	 * @param now the present {@link System#nanoTime()}
	 * @return whether it could be forgotten
	 */
	public synchronized boolean isIdle(long now) {
		slide(now);
		return sum(this.firsts) == 0 && sum(this.retries) == 0;
	}

	private void slide(long now) {
		long present = Math.max(this.slice, (now - this.start) / this.sliceNanos);
		for (long passed = Math.max(this.slice + 1, present - SLICES + 1); passed <= present; passed++) {
			this.firsts[(int) (passed % SLICES)] = 0;
			this.retries[(int) (passed % SLICES)] = 0;
		}
		this.slice = present;
	}

	// Until the oldest retries leave the window.
	private long room(long now) {
		for (int age = SLICES - 1; age >= 0; age--) {
			long slice = this.slice - age;
			if (slice >= 0 && this.retries[(int) (slice % SLICES)] > 0) {
				return Math.max(0, this.start + (slice + SLICES) * this.sliceNanos - now);
			}
		}
		return this.sliceNanos;
	}

	private int slot() {
		return (int) (this.slice % SLICES);
	}

	private static long sum(long[] counts) {
		long sum = 0;
		for (long count : counts) {
			sum += count;
		}
		return sum;
	}

}
