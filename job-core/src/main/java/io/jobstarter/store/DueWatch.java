package io.jobstarter.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Shares within a node what somebody has just read: that nothing scheduled is due for a
 * while. Whoever promotes need not ask again then.
 */
public final class DueWatch implements WakeUp {

	/**
	 * For how many intervals what was read counts while every node says what it
	 * schedules.
	 */
	static final int INTERVALS_WHILE_ANNOUNCED = 5;

	private volatile @Nullable Seen seen;

	private volatile boolean announced;

	private volatile long scheduledAt = System.nanoTime();

	@Override
	public void ready(Lane lane) {
		// It is not scheduled.
	}

	@Override
	public void scheduled() {
		this.scheduledAt = System.nanoTime();
	}

	@Override
	public void announced(boolean arrives) {
		// What was scheduled before may not have been heard of.
		scheduled();
		this.announced = arrives;
	}

	/**
	 * Notes what was read.
	 * @param askedAt {@link System#nanoTime()} before it was read
	 * @param quiet how long nothing scheduled becomes due, counted from then
	 */
	public void seen(long askedAt, Duration quiet) {
		this.seen = new Seen(askedAt, quiet);
	}

	/**
	 * How long nobody has to ask. What was read counts for the interval and a tenth of
	 * it, so that whoever reads once an interval does it for all. It counts for five
	 * intervals as long as what other nodes schedule is heard of, and nothing was.
	 * @param interval how long a job that was scheduled since may go unnoticed
	 * @return the time, zero or less if it is time to ask
	 */
	public Duration quietFor(Duration interval) {
		Seen seen = this.seen;
		if (seen == null) {
			return Duration.ZERO;
		}
		Duration valid = interval.multipliedBy(isUpToDate(seen) ? INTERVALS_WHILE_ANNOUNCED : 1)
			.plus(interval.dividedBy(10));
		Duration whole = (seen.quiet().compareTo(valid) < 0) ? seen.quiet() : valid;
		return whole.minusNanos(System.nanoTime() - seen.askedAt());
	}

	private boolean isUpToDate(Seen seen) {
		return this.announced && seen.askedAt() - this.scheduledAt > 0;
	}

	/**
	 * What was read.
	 *
	 * @param askedAt before it was read
	 * @param quiet how long nothing becomes due
	 */
	private record Seen(long askedAt, Duration quiet) {
	}

}
