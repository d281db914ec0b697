package io.jobstarter;

/**
 * What a recurring job does when it fires and its previous job is not over yet: it waits,
 * for its next attempt too, or runs.
 */
public enum Overlap {

	/** Enqueues another one beside it. */
	ALLOW,

	/** Leaves out this fire. */
	SKIP,

	/**
	 * Waits until the previous one is over. What was due meanwhile follows
	 * {@link Misfire}.
	 */
	QUEUE,

	/**
	 * Cancels the previous one as {@link JobOperations#cancel} does, and enqueues the
	 * next at once. A body that does not hear its interrupt runs on beside it.
	 */
	CANCEL_RUNNING

}
