package io.jobstarter.worker;

import java.util.List;

/**
 * How many jobs this node may hold of queues of which all nodes together run a bounded
 * number.
 */
interface FleetLimits {

	/** No queue is bounded over all nodes. */
	FleetLimits NONE = (queue) -> List.of();

	/**
	 * Names what bounds the jobs of a queue over all nodes.
	 * @param queue the queue
	 * @return the entry that serves it, the queue itself, both or, as a rule, nothing
	 */
	List<String> boundsOf(String queue);

	/**
	 * Says how many jobs of a queue this node may claim beyond those that it holds.
	 * @param queue the queue
	 * @return how many; {@link Integer#MAX_VALUE} if nothing bounds it
	 */
	default int left(String queue) {
		return Integer.MAX_VALUE;
	}

	/**
	 * Tells whether all queues of an entry together are bounded.
	 * @param entry the entry
	 * @return whether they are
	 */
	default boolean bounds(String entry) {
		return false;
	}

}
