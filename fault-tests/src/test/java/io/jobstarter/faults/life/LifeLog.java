package io.jobstarter.faults.life;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.jobstarter.JobAttempt;

/**
 * What the bodies of all nodes of this process did. It outlives the nodes.
 */
final class LifeLog {

	private final Queue<Body> bodies = new ConcurrentLinkedQueue<>();

	private final Map<Long, Integer> starts = new ConcurrentHashMap<>();

	Body begin(String node, JobAttempt attempt) {
		Body body = new Body(node, attempt.id().value(), attempt.number());
		this.starts.merge(body.job(), 1, Integer::sum);
		this.bodies.add(body);
		return body;
	}

	int starts(long job) {
		return this.starts.getOrDefault(job, 0);
	}

	List<Body> bodies() {
		return List.copyOf(this.bodies);
	}

	boolean isAnyRunning() {
		return this.bodies.stream().anyMatch((body) -> body.ended() == null);
	}

}
