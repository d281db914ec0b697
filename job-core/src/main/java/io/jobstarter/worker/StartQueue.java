package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;

import org.jspecify.annotations.Nullable;

/**
 * The jobs that the node has claimed and not started yet, since their turn has not come.
 * Within an entry the highest priority goes first, and among equals the one that was
 * claimed first; among entries the one whose next job was claimed first.
 */
final class StartQueue {

	private static final Comparator<Waiting> ORDER = Comparator.comparingInt(Waiting::priority)
		.reversed()
		.thenComparing(Waiting::front, Comparator.reverseOrder())
		.thenComparingLong(Waiting::arrival);

	private final ServedQueues served;

	private final Slots slots;

	private final Map<String, Queue<Waiting>> byEntry = new HashMap<>();

	private long arrivals;

	StartQueue(ServedQueues served, Slots slots) {
		this.served = served;
		this.slots = slots;
	}

	synchronized void add(RunningJob job) {
		String entry = this.served.entryOf(job.queue()).orElseThrow();
		this.byEntry.computeIfAbsent(entry, (name) -> new PriorityQueue<>(ORDER))
			.add(new Waiting(job, ++this.arrivals, System.nanoTime()));
	}

	/**
	 * Takes the next job for which there is a slot, and the slot with it.
	 * @return the job, or {@code null} if none waits or none may start
	 */
	synchronized @Nullable RunningJob next() {
		Queue<Waiting> first = null;
		for (Map.Entry<String, Queue<Waiting>> entry : this.byEntry.entrySet()) {
			Waiting head = entry.getValue().peek();
			if (head != null && this.slots.mayStart(entry.getKey())
					&& (first == null || head.arrival() < first.element().arrival())) {
				first = entry.getValue();
			}
		}
		if (first == null) {
			return null;
		}
		RunningJob job = first.remove().job();
		this.slots.start(job.queue());
		return job;
	}

	/**
	 * Takes out what has waited for too long.
	 * @param longest how long a job may wait
	 * @return the jobs, which have no slots
	 */
	synchronized List<RunningJob> takeOlderThan(Duration longest) {
		long latest = System.nanoTime() - longest.toNanos();
		List<RunningJob> taken = new ArrayList<>();
		for (Queue<Waiting> waiting : this.byEntry.values()) {
			for (Iterator<Waiting> jobs = waiting.iterator(); jobs.hasNext();) {
				Waiting next = jobs.next();
				if (next.since() - latest <= 0) {
					taken.add(next.job());
					jobs.remove();
				}
			}
		}
		return taken;
	}

	synchronized Map<String, Integer> sizeByQueue() {
		Map<String, Integer> sizes = new HashMap<>();
		this.byEntry.values()
			.forEach((waiting) -> waiting.forEach((next) -> sizes.merge(next.job().queue(), 1, Integer::sum)));
		return sizes;
	}

	/**
	 * A job that waits.
	 *
	 * @param job the job
	 * @param arrival its number among all that came
	 * @param since since when it waits
	 */
	private record Waiting(RunningJob job, long arrival, long since) {

		int priority() {
			return this.job.claimed().lane().priority();
		}

		boolean front() {
			return this.job.claimed().lane().front();
		}

	}

}
