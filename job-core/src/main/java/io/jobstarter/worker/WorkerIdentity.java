package io.jobstarter.worker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * One identity under which a node holds jobs, and its lease as the node sees it: from the
 * moment at which the last confirmed renewal was sent, so that the node never believes in
 * its lease longer than the database does.
 */
final class WorkerIdentity {

	private final long id;

	private final Duration lease;

	private final AtomicInteger inFlight = new AtomicInteger();

	private final Map<String, Integer> held = new ConcurrentHashMap<>();

	private final AtomicInteger tenure = new AtomicInteger();

	private volatile boolean leased;

	private volatile long leaseEnd;

	private WorkerIdentity(long id, Duration lease) {
		this.id = id;
		this.lease = lease;
	}

	/**
	 * Draws a new identity. By chance, not from a sequence: sequences may repeat after a
	 * failover.
	 * @param lease the length of its lease
	 * @return the identity, without a lease yet
	 */
	static WorkerIdentity draw(Duration lease) {
		return new WorkerIdentity(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE), lease);
	}

	long id() {
		return this.id;
	}

	/**
	 * Notes that the lease was renewed. If it had ended, its jobs may have been freed in
	 * between, whatever the database has of it now: a claim that arrived late may have
	 * had it adopted.
	 * @param sentAt when the renewal was sent, by the node's monotonic clock
	 */
	void renewed(long sentAt) {
		if (this.leased && !isLeased()) {
			forgotten();
		}
		this.leaseEnd = sentAt + this.lease.toNanos();
		this.leased = true;
	}

	/**
	 * Notes that the database knew nothing of it: whatever it holds may have been freed.
	 */
	void forgotten() {
		this.tenure.incrementAndGet();
	}

	/**
	 * Says which of its times this is. What was claimed in an earlier one, and has not
	 * started, is perhaps not held any more.
	 * @return the number of times that it was forgotten, or its lease had ended
	 */
	int tenure() {
		return this.tenure.get();
	}

	void giveUp() {
		this.leased = false;
	}

	boolean isLeased() {
		return this.leased && this.leaseEnd - System.nanoTime() > 0;
	}

	Duration leaseLeft() {
		return isLeased() ? Duration.ofNanos(Math.max(0, this.leaseEnd - System.nanoTime())) : Duration.ZERO;
	}

	void jobTaken(String queue) {
		this.inFlight.incrementAndGet();
		this.held.merge(queue, 1, Integer::sum);
	}

	void jobSettled(String queue) {
		this.held.computeIfPresent(queue, (name, count) -> (count > 1) ? count - 1 : null);
		this.inFlight.decrementAndGet();
	}

	/**
	 * Counts the jobs that it holds, as far as the node knows.
	 * @param queues of which queues
	 * @return how many
	 */
	int held(Predicate<String> queues) {
		int sum = 0;
		for (Map.Entry<String, Integer> one : this.held.entrySet()) {
			sum += queues.test(one.getKey()) ? one.getValue() : 0;
		}
		return sum;
	}

	boolean holdsNothing() {
		return this.inFlight.get() == 0;
	}

}
