package io.jobstarter.worker;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings of the worker of one node.
 *
 * @param lease how long the node's jobs are its own without a heartbeat
 * @param heartbeat how often the lease is renewed
 * @param pollInterval how often to look for jobs that nothing announced
 * @param shutdownTimeout how long running jobs may go on when the node stops
 * @param queues the queues that the node serves, the most important first
 * @param queueOrder how queues are served that compete for the node
 * @param concurrency how many jobs the node runs at the same time, over all queues
 * @param warnAfter after which time a running attempt is logged as long
 * @param history whether jobs that are over are written to the history
 */
public record WorkerSettings(Duration lease, Duration heartbeat, Duration pollInterval, Duration shutdownTimeout,
		Map<String, QueueSettings> queues, QueueOrder queueOrder, int concurrency, Duration warnAfter,
		boolean history) {

	public WorkerSettings {
		queues = Collections.unmodifiableMap(new LinkedHashMap<>(queues));
	}

	/**
	 * The longest wait between two attempts of a failing loop: short enough that one
	 * failure does not cost the lease.
	 * @return the wait
	 */
	Duration maxBackoff() {
		return this.lease.dividedBy(5);
	}

	/**
	 * Settings of one queue on one node.
	 *
	 * @param concurrency how many of its jobs the node runs at the same time
	 * @param weight how often it goes first, relative to the others
	 */
	public record QueueSettings(int concurrency, int weight) {
	}

	/**
	 * How queues are served that compete for the slots of a node.
	 */
	public enum QueueOrder {

		/** By chance, in proportion to their weights: none starves. */
		WEIGHTED,

		/** As they are listed: the first goes first, always. */
		STRICT

	}

}
