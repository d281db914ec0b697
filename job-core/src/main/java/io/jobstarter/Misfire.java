package io.jobstarter;

/**
 * What a recurring job does about fires that were noticed too late: several are due at
 * once, or the only one is more than a minute old, since no node was there, say.
 */
public enum Misfire {

	/** Leaves them out, but for the last one if it is at most a minute old. */
	SKIP,

	/** Makes up for the last one. */
	ONCE,

	/** Makes up for each, from the oldest to the newest: for the last 100 at most. */
	ALL

}
