package io.jobstarter;

/**
 * How long a job holds its unique key. Cancelling, discarding and burying a job free its
 * key in any case.
 */
public enum UniqueUntil {

	/**
	 * Until its first attempt starts: a change made after that enqueues a job of its own,
	 * so none is ever lost.
	 */
	STARTED,

	/**
	 * Until it is over, its retries included.
	 */
	FINISHED,

	/**
	 * Until a time after it was enqueued, even if it has succeeded long before.
	 */
	EXPIRED

}
