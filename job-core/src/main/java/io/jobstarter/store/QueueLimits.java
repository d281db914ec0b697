package io.jobstarter.store;

import java.util.Map;
import java.util.Set;

/**
 * What bounds the jobs of queues that run at the same time, beside the configuration.
 *
 * @param perNode how many a node may run, as far as operators have said so, by queue
 * @param fleet the queues, and wildcards, of which all nodes together may run a bounded
 * number
 */
public record QueueLimits(Map<String, Integer> perNode, Set<String> fleet) {

	public QueueLimits {
		perNode = Map.copyOf(perNode);
		fleet = Set.copyOf(fleet);
	}

}
