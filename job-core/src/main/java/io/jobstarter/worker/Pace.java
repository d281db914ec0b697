package io.jobstarter.worker;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps small transactions from following each other without a pause: what comes
 * meanwhile goes into one, which costs less than many. The first after a while never
 * waits, and then a pause is as long as the transaction before it took, within bounds.
 */
final class Pace {

	private static final long SHORTEST = Duration.ofMillis(1).toNanos();

	private static final long LONGEST = Duration.ofMillis(10).toNanos();

	private final int large;

	private long nextAt = System.nanoTime();

	/**
	 * Makes a pace.
	 * @param large how many jobs make a transaction worth its cost: no pause follows it
	 */
	Pace(int large) {
		this.large = large;
	}

	/**
	 * Waits until the next transaction may begin. Not a sleep: an interrupt that is meant
	 * for user code must not break bookkeeping.
	 */
	void await() {
		for (long left = this.nextAt - System.nanoTime(); left > 0; left = this.nextAt - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	/**
	 * Notes that a transaction has ended.
	 * @param startedAt when it began
	 * @param jobs how many jobs it was about
	 */
	void ended(long startedAt, int jobs) {
		long now = System.nanoTime();
		this.nextAt = (jobs >= this.large) ? now : now + Math.min(LONGEST, Math.max(SHORTEST, now - startedAt));
	}

}
