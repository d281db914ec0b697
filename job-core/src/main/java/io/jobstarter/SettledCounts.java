package io.jobstarter;

/**
 * How many attempts ended, by what became of their jobs.
 *
 * @param succeeded jobs that succeeded
 * @param retried jobs whose attempt failed and is made again
 * @param putOff jobs that run again without an attempt used up: snoozed, not permitted,
 * or given back
 * @param discarded jobs that were discarded
 * @param cancelled jobs that were cancelled
 * @param dead jobs that became dead letters
 */
public record SettledCounts(long succeeded, long retried, long putOff, long discarded, long cancelled, long dead) {

	/** None. */
	public static final SettledCounts NONE = new SettledCounts(0, 0, 0, 0, 0, 0);

	/**
	 * Counts the jobs that are over, one way or another.
	 * @return how many do not wait or run any more
	 */
	public long over() {
		return this.succeeded + this.discarded + this.cancelled + this.dead;
	}

	/**
	 * Counts all.
	 * @return how many attempts ended
	 */
	public long total() {
		return over() + this.retried + this.putOff;
	}

	/**
	 * Adds others.
	 * @param other the others
	 * @return the sums
	 */
	public SettledCounts plus(SettledCounts other) {
		return new SettledCounts(this.succeeded + other.succeeded, this.retried + other.retried,
				this.putOff + other.putOff, this.discarded + other.discarded, this.cancelled + other.cancelled,
				this.dead + other.dead);
	}

	/**
	 * Takes away what had been counted before.
	 * @param earlier the earlier counts
	 * @return the differences
	 */
	public SettledCounts minus(SettledCounts earlier) {
		return new SettledCounts(this.succeeded - earlier.succeeded, this.retried - earlier.retried,
				this.putOff - earlier.putOff, this.discarded - earlier.discarded, this.cancelled - earlier.cancelled,
				this.dead - earlier.dead);
	}

}
