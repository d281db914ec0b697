package io.jobstarter.client;

/**
 * What an enqueue does in a transaction of another database than that of the jobs, which
 * it cannot join.
 */
public enum EnqueueMode {

	/**
	 * Adds the job after that transaction's commit, and not at all if it is rolled back.
	 * The job is lost if the process dies in between.
	 */
	TRANSACTION,

	/** Adds the job at once, whatever becomes of that transaction. */
	IMMEDIATE

}
