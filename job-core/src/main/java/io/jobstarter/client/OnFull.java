package io.jobstarter.client;

/**
 * What to do with a job whose queue is full.
 */
public enum OnFull {

	/** Refuse it with a {@link io.jobstarter.QueueFullException}. */
	REJECT,

	/**
	 * Run it in the thread that enqueues it, if that is in no transaction; else refuse
	 * it.
	 */
	RUN_IN_CALLER

}
