package io.jobstarter;

/**
 * What a circuit breaker lets through, on all nodes.
 */
public enum BreakerState {

	/** All attempts; each is counted. */
	CLOSED,

	/** None: jobs wait for it as {@link JobState#BLOCKED}. */
	OPEN,

	/** A few attempts on one node, which decide whether it closes or opens again. */
	HALF_OPEN,

	/** None, until somebody says otherwise. */
	FORCED_OPEN,

	/** All, whatever comes of them, until somebody says otherwise. */
	FORCED_CLOSED;

	/**
	 * Tells whether jobs may start without being counted out one by one.
	 * @return whether nothing waits for a breaker in this state
	 */
	public boolean letsThrough() {
		return this == CLOSED || this == FORCED_CLOSED;
	}

}
