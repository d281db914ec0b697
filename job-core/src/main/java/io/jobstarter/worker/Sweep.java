package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import io.jobstarter.store.Lane;

/**
 * Reads lanes from where they had been claimed up to some time ago. A position that was
 * drawn since then is not below: so it finds every row that is committed no later than
 * that after its position was drawn. It costs what was claimed since, however much was
 * claimed before.
 */
final class Sweep {

	private final long reach;

	private final SweepBudget budget;

	private final LongSupplier nanoTime;

	private Map<Lane, Long> older = new HashMap<>();

	private Map<Lane, Long> newer = new HashMap<>();

	private long newerSince;

	/**
	 * Makes a sweep.
	 * @param reach how far back it reaches, at least, and at most twice as far while
	 * there is something to claim
	 * @param share see {@link SweepBudget}
	 * @param longestPause see {@link SweepBudget}
	 * @param nanoTime the time, as {@link System#nanoTime()} has it
	 */
	Sweep(Duration reach, int share, Duration longestPause, LongSupplier nanoTime) {
		this.reach = reach.toNanos();
		this.budget = new SweepBudget(share, longestPause, nanoTime);
		this.nanoTime = nanoTime;
		this.newerSince = nanoTime.getAsLong();
	}

	SweepBudget budget() {
		return this.budget;
	}

	/**
	 * Tells whether there is a lane which it does not read from the beginning.
	 * @return whether it may cost less than reading everything
	 */
	boolean hasMemory() {
		return !this.older.isEmpty();
	}

	/**
	 * Says where it starts.
	 * @param lane the lane
	 * @return the first position that is looked at
	 */
	long from(Lane lane) {
		return this.older.getOrDefault(lane, 0L);
	}

	/**
	 * Is told how far lanes have been claimed, as often as possible.
	 * @param bounds the first positions that are beyond
	 */
	void remember(Map<Lane, Long> bounds) {
		long now = this.nanoTime.getAsLong();
		if (now - this.newerSince >= this.reach) {
			this.older = this.newer;
			this.newer = new HashMap<>(bounds);
			this.newerSince = now;
		}
	}

	/**
	 * Is told of the first claim in a lane. What is drawn from now on is not below it.
	 * What was drawn before is left to the sweep of everything, or a node that starts
	 * would read all dead rows again and again until it remembers enough.
	 * @param lane the lane
	 * @param position a position that was claimed
	 */
	void begin(Lane lane, long position) {
		this.older.putIfAbsent(lane, position);
		this.newer.putIfAbsent(lane, position);
	}

	void forget() {
		this.older.clear();
		this.newer.clear();
	}

}
