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

	/**
	 * Says that a circuit breaker has changed, after the transaction that changed it was
	 * committed.
	 */
	default void circuitsChanged() {
	}

	/**
	 * Says that a job has been scheduled, after the transaction that did it was
	 * committed.
	 */
	default void scheduled() {
	}

	/**
	 * Says whether what other nodes say arrives from now on. What they said before may
	 * have been lost.
	 * @param arrives whether it does
	 */
	default void announced(boolean arrives) {
	}

}
