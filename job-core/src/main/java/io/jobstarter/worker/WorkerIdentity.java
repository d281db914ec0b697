package io.jobstarter.worker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One identity under which a node holds jobs, and its lease as the node sees it: from the
 * moment at which the last confirmed renewal was sent, so that the node never believes in
 * its lease longer than the database does.
 */
final class WorkerIdentity {

	private final long id;

	private final Duration lease;

	private final AtomicInteger inFlight = new AtomicInteger();

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

	void renewed(long sentAt) {
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
	 * @return the number of times that it was forgotten
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

	void jobTaken() {
		this.inFlight.incrementAndGet();
	}

	void jobSettled() {
		this.inFlight.decrementAndGet();
	}

	boolean holdsNothing() {
		return this.inFlight.get() == 0;
	}

}
