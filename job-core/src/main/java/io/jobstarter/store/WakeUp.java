package io.jobstarter.store;

/**
 * Tells workers that there is something to claim. A hint: workers poll as well. Never
 * blocks, does no I/O in the calling thread, never throws.
 */
@FunctionalInterface
public interface WakeUp {

	/**
	 * Says that a lane has received ready jobs, after the transaction that brought them
	 * was committed.
	 * @param lane the lane
	 */
	void ready(Lane lane);

}
