package io.jobstarter.worker;

import java.time.Duration;

/**
 * Finds out how many jobs of an entry a node is to run at the same time, between a least
 * and a greatest number. Looks ten times in a second whether all slots are in use, and
 * decides once in a second:
 * <ul>
 * <li>It grows by a quarter, and by one at least, if all slots were in use in half of the
 * looks or more, and jobs wait: one that started had waited for longer than
 * {@link #TARGET}, or the last claim brought all that it asked for, or jobs were enqueued
 * since.</li>
 * <li>It shrinks by one if for the last {@link #IDLE} not once all slots were in
 * use.</li>
 * </ul>
 * Times are those of a monotonic clock, in nanoseconds. It does no I/O, and is not safe
 * for use by several threads at the same time.
 */
final class ElasticLimit {

	/** How long jobs may wait before there are to be more slots. */
	static final Duration TARGET = Duration.ofMillis(250);

	/** For how long some slots have to be idle before there are to be fewer. */
	static final Duration IDLE = Duration.ofSeconds(10);

	static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final int QUARTER = 4;

	private final int min;

	private int limit;

	private int looks;

	private int busyLooks;

	private boolean waited;

	private boolean more;

	private long decidedAt;

	private long busyAt;

	ElasticLimit(int min, long now) {
		this.min = min;
		this.limit = min;
		this.decidedAt = now;
		this.busyAt = now;
	}

	/**
	 * Says how many slots there are.
	 * @param max the greatest number, which an operator may have changed
	 * @return the number
	 */
	int limit(int max) {
		return Math.min(this.limit, max);
	}

	/**
	 * Notes that a job starts.
	 * @param nanos how long it has waited since it was due
	 */
	void started(long nanos) {
		this.waited |= nanos > TARGET.toNanos();
	}

	/**
	 * Hears whether more jobs may wait than there are slots for.
	 * @param more whether the last claim brought all that it asked for, or others were
	 * enqueued since
	 */
	void more(boolean more) {
		this.more = more;
	}

	/**
	 * Looks, and decides when it is time to.
	 * @param used how many slots are in use
	 * @param max the greatest number
	 * @param spare how many slots more the node may have in all
	 * @param now the time
	 * @return whether there are more or fewer slots now
	 */
	boolean look(int used, int max, int spare, long now) {
		int before = limit(max);
		this.looks++;
		if (used >= before) {
			this.busyLooks++;
			this.busyAt = now;
		}
		if (now - this.decidedAt < INTERVAL.toNanos()) {
			return false;
		}
		int next = decide(before, now);
		this.limit = Math.min(Math.max(this.min, next), before + Math.max(0, spare));
		this.looks = 0;
		this.busyLooks = 0;
		this.waited = false;
		this.decidedAt = now;
		return limit(max) != before;
	}

	private int decide(int before, long now) {
		if ((this.waited || this.more) && 2 * this.busyLooks >= this.looks) {
			return before + Math.max(1, before / QUARTER);
		}
		return (now - this.busyAt >= IDLE.toNanos()) ? before - 1 : before;
	}

}
