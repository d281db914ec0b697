package io.jobstarter.worker;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Settings of the worker of one node.
 *
 * @param lease how long the node's jobs are its own without a heartbeat
 * @param heartbeat how often the lease is renewed
 * @param pollInterval how often to look for jobs that nothing announced
 * @param shutdownTimeout how long running jobs may go on when the node stops
 * @param queues what the node serves, the most important first: by the names of queues,
 * and by their beginnings with an asterisk
 * @param queueOrder how queues are served that compete for the node
 * @param concurrency how many jobs the node runs at most at the same time, over all
 * queues, or {@code null} for as many as the queues allow together
 * @param warnAfter after which time a running attempt is logged as long
 * @param history whether jobs that are over are written to the history
 * @param ceiling how many slots there may be in all as queues grow beyond their least
 * concurrency: what connection pools allow
 */
public record WorkerSettings(Duration lease, Duration heartbeat, Duration pollInterval, Duration shutdownTimeout,
		Map<String, QueueSettings> queues, QueueOrder queueOrder, @Nullable Integer concurrency, Duration warnAfter,
		boolean history, int ceiling) {

	private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

	/**
	 * Settings of a node on which no pool bounds how far queues grow.
	 */
	public WorkerSettings(Duration lease, Duration heartbeat, Duration pollInterval, Duration shutdownTimeout,
			Map<String, QueueSettings> queues, QueueOrder queueOrder, @Nullable Integer concurrency, Duration warnAfter,
			boolean history) {
		this(lease, heartbeat, pollInterval, shutdownTimeout, queues, queueOrder, concurrency, warnAfter, history,
				Integer.MAX_VALUE);
	}

	public WorkerSettings {
		queues = Collections.unmodifiableMap(new LinkedHashMap<>(queues));
	}

	/**
	 * Which entry serves a queue.
	 * @return the rule
	 */
	public ServedQueues served() {
		return new ServedQueues(this.queues.keySet());
	}

	/**
	 * How many jobs the node runs at the same time, as long as no operator changes it.
	 * @return the number of slots
	 */
	public int slots() {
		long most = this.queues.values().stream().mapToLong(QueueSettings::concurrency).sum();
		return bounded(Math.max(least(), Math.min(most, isElastic() ? this.ceiling : most)));
	}

	/**
	 * How many jobs the node runs at the same time before a queue grows.
	 * @return the number of slots
	 */
	public int leastSlots() {
		return bounded(least());
	}

	private long least() {
		return this.queues.values().stream().mapToLong(QueueSettings::least).sum();
	}

	private int bounded(long slots) {
		return (int) Math.min(slots, (this.concurrency != null) ? this.concurrency : Integer.MAX_VALUE);
	}

	private boolean isElastic() {
		return this.queues.values().stream().anyMatch((queue) -> queue.minConcurrency() != null);
	}

	/**
	 * The longest wait between two attempts of a failing loop: short enough that one
	 * failure does not cost the lease, and that it works again soon after whatever it
	 * needs.
	 * @param lease the nodes' lease
	 * @return the wait
	 */
	public static Duration maxBackoff(Duration lease) {
		return shorter(lease.dividedBy(5), LONGEST_BACKOFF);
	}

	Duration maxBackoff() {
		return maxBackoff(this.lease);
	}

	/**
	 * How long a heartbeat waits for an answer. One that is lost leaves the time for
	 * another, and for a third.
	 * @return the wait
	 */
	Duration heartbeatPatience() {
		return longer(shorter(this.lease.dividedBy(3), Duration.ofSeconds(10)), Duration.ofSeconds(2));
	}

	/**
	 * How long claims and outcomes wait for an answer: longer than for a lock.
	 * @return the wait
	 */
	Duration patience() {
		return longer(shorter(this.lease.dividedBy(2), Duration.ofSeconds(20)), Duration.ofSeconds(8));
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	/**
	 * Settings of one entry, which stands for one queue or for all whose names begin
	 * alike.
	 *
	 * @param concurrency how many of their jobs the node runs at the same time, together
	 * @param weight how often it goes first, relative to the other entries
	 * @param minConcurrency how many of them the node runs at least at the same time, if
	 * it is to find out how many between that and {@code concurrency} it takes, or
	 * {@code null}
	 * @param maxFleetConcurrency how many of them all nodes run at the same time,
	 * together, or {@code null} for as many as the nodes do
	 * @param reserved the slots that are kept for low priorities, or {@code null} for
	 * none
	 */
	public record QueueSettings(int concurrency, int weight, @Nullable Integer minConcurrency,
			@Nullable Integer maxFleetConcurrency, @Nullable Reserved reserved) {

		/**
		 * Settings of an entry that keeps no slots.
		 * @param concurrency how many of their jobs the node runs at the same time
		 * @param weight how often it goes first
		 * @param minConcurrency how many of them it runs at least, or {@code null}
		 * @param maxFleetConcurrency how many of them all nodes run, or {@code null}
		 */
		public QueueSettings(int concurrency, int weight, @Nullable Integer minConcurrency,
				@Nullable Integer maxFleetConcurrency) {
			this(concurrency, weight, minConcurrency, maxFleetConcurrency, null);
		}

		/**
		 * Settings of an entry that only the node itself bounds.
		 * @param concurrency how many of their jobs the node runs at the same time
		 * @param weight how often it goes first
		 */
		public QueueSettings(int concurrency, int weight) {
			this(concurrency, weight, null, null, null);
		}

		int least() {
			return (this.minConcurrency != null) ? this.minConcurrency : this.concurrency;
		}

	}

	/**
	 * The slots of an entry that only jobs of low priority take.
	 *
	 * @param slots how many
	 * @param below the priority below which a job may take them
	 */
	public record Reserved(int slots, int below) {
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
