package io.jobstarter.worker;

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
 * has waited for {@link FairUse#LONGEST_WAIT} goes before. Where the slots that are left
 * are kept for low priorities, only these take part.
 */
final class WaitingLine {

	private final String queue;

	private final FairUse fairUse;

	private final Reserves reserves;

	/** By share, those for which no slots are kept; what is empty is not there. */
	private final Map<Integer, Queue<Waiting>> others = new HashMap<>();

	private final Map<Integer, Queue<Waiting>> low = new HashMap<>();

	WaitingLine(String queue, FairUse fairUse, Reserves reserves) {
		this.queue = queue;
		this.fairUse = fairUse;
		this.reserves = reserves;
	}

	void add(Waiting job) {
		jobsLike(job).computeIfAbsent(job.share(), (share) -> new PriorityQueue<>(Waiting.ORDER)).add(job);
	}

	private Map<Integer, Queue<Waiting>> jobsLike(Waiting job) {
		return this.reserves.isLow(this.queue, job.priority()) ? this.low : this.others;
	}

	/**
	 * Takes out the job that goes next.
	 * @param all whether any job may go; if not, there is one of a low priority
	 * @return the job; there is at least one
	 */
	Waiting remove(boolean all) {
		Map<Integer, Queue<Waiting>> heads = this.low.isEmpty() ? this.others : heads(all);
		Waiting next = Objects.requireNonNull(heads.get(next(heads))).element();
		remove(next);
		return next;
	}

	// Of each share the jobs of which the next one is taken.
	private Map<Integer, Queue<Waiting>> heads(boolean all) {
		Map<Integer, Queue<Waiting>> heads = new HashMap<>(this.low);
		if (all) {
			heads.putAll(this.others);
		}
		return heads;
	}

	private int next(Map<Integer, Queue<Waiting>> heads) {
		if (heads.size() == 1) {
			return heads.keySet().iterator().next();
		}
		long latest = System.nanoTime() - FairUse.LONGEST_WAIT.toNanos();
		return heads.values()
			.stream()
			.map(Queue::element)
			.filter((head) -> head.since() - latest < 0)
			.min(Comparator.comparingLong(Waiting::arrival))
			.map(Waiting::share)
			.orElseGet(() -> this.fairUse.next(this.queue, heads.keySet()));
	}

	void remove(Waiting job) {
		Map<Integer, Queue<Waiting>> shares = jobsLike(job);
		Queue<Waiting> jobs = shares.get(job.share());
		if (jobs != null) {
			// At its head mostly, where it is found at once.
			jobs.remove(job);
			if (jobs.isEmpty()) {
				shares.remove(job.share());
			}
		}
	}

	boolean hasLow() {
		return !this.low.isEmpty();
	}

	boolean isEmpty() {
		return this.others.isEmpty() && this.low.isEmpty();
	}

	Stream<Waiting> stream() {
		return Stream.concat(this.others.values().stream(), this.low.values().stream()).flatMap(Queue::stream);
	}

}
