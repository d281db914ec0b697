package io.jobstarter.store;

import java.util.Map;
import java.util.Set;

/**
 * What a worker that has nothing to do wants to know, read at once.
 *
 * @param lanes the lanes that hold jobs, of queues that are not paused
 * @param limits how many jobs of a queue a node may run, as far as operators have said so
 * @param circuits whether a circuit breaker is not closed, or a job is blocked
 */
public record Look(Set<Lane> lanes, Map<String, Integer> limits, boolean circuits) {

	public Look {
		lanes = Set.copyOf(lanes);
		limits = Map.copyOf(limits);
	}

}
