package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.jobstarter.store.ClaimStore;

/**
 * Finds jobs that name this worker and that it does not know of: it has settled them, and
 * the database has lost that, in a failover to a standby that lacked what was committed
 * last, say. Since the worker lives, nobody else would free them.
 */
final class ForgottenJobs {

	private final ClaimStore claims;

	private final RunningJobs running;

	private final Duration age;

	private long worker;

	private Map<Long, Long> before = Map.of();

	ForgottenJobs(ClaimStore claims, RunningJobs running, Duration age) {
		this.claims = claims;
		this.running = running;
		this.age = age;
	}

	/**
	 * Looks once. An outcome may be on its way: what counts is seen twice.
	 * @param worker the worker's id
	 * @return whether there are any
	 */
	synchronized boolean areThere(long worker) {
		Map<Long, Long> unknown = new HashMap<>(this.claims.claimedBefore(worker, this.age));
		unknown.keySet().removeIf(this.running::contains);
		boolean same = worker == this.worker;
		boolean found = same && unknown.entrySet().stream().anyMatch(this.before.entrySet()::contains);
		this.worker = worker;
		this.before = unknown;
		return found;
	}

}
