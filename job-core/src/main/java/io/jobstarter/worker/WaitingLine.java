package io.jobstarter.worker;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * The jobs of a queue that wait for a slot. The share that has used least goes next, and
 * within a share the highest priority, then what came back, then what was claimed first.
 * So that no share waits until it would be better off on another node, one whose next job
 * has waited for {@link FairUse#LONGEST_WAIT} goes before.
 */
final class WaitingLine {

	private final String queue;

	private final FairUse fairUse;

	/** By share; what is empty is not there. */
	private final Map<Integer, Queue<Waiting>> shares = new HashMap<>();

	WaitingLine(String queue, FairUse fairUse) {
		this.queue = queue;
		this.fairUse = fairUse;
	}

	void add(Waiting job) {
		this.shares.computeIfAbsent(job.share(), (share) -> new PriorityQueue<>(Waiting.ORDER)).add(job);
	}

	/**
	 * Takes out the job that goes next.
	 * @return the job; there is at least one
	 */
	Waiting remove() {
		int share = next();
		Queue<Waiting> jobs = Objects.requireNonNull(this.shares.get(share));
		Waiting next = jobs.remove();
		tidy(share, jobs);
		return next;
	}

	private int next() {
		if (this.shares.size() == 1) {
			return this.shares.keySet().iterator().next();
		}
		long latest = System.nanoTime() - FairUse.LONGEST_WAIT.toNanos();
		return heads().filter((head) -> head.since() - latest < 0)
			.min(Comparator.comparingLong(Waiting::arrival))
			.map(Waiting::share)
			.orElseGet(() -> this.fairUse.next(this.queue, this.shares.keySet()));
	}

	private Stream<Waiting> heads() {
		return this.shares.values().stream().map(Queue::element);
	}

	void remove(Waiting job) {
		Queue<Waiting> jobs = this.shares.get(job.share());
		if (jobs != null) {
			jobs.remove(job);
			tidy(job.share(), jobs);
		}
	}

	private void tidy(int share, Queue<Waiting> jobs) {
		if (jobs.isEmpty()) {
			this.shares.remove(share);
		}
	}

	boolean isEmpty() {
		return this.shares.isEmpty();
	}

	Stream<Waiting> stream() {
		return this.shares.values().stream().flatMap(Collection::stream);
	}

}
