package io.jobstarter.schedule;

/**
 * Knows how many jobs of a queue a node runs at the same time.
 */
@FunctionalInterface
public interface QueueConcurrency {

	/**
	 * Tells how many.
	 * @param queue the queue
	 * @return the number
	 */
	int of(String queue);

}
