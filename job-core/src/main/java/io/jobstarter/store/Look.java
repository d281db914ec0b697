package io.jobstarter.store;

import java.util.Set;

/**
 * What a worker that has nothing to do wants to know, read at once.
 *
 * @param lanes the lanes that hold jobs, of queues that are not paused
 * @param limits what bounds the jobs of queues that run at the same time
 * @param circuits whether a circuit breaker is not closed, or a job is blocked
 */
public record Look(Set<Lane> lanes, QueueLimits limits, boolean circuits) {

	public Look {
		lanes = Set.copyOf(lanes);
	}

}
