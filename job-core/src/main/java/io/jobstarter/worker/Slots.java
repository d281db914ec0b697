package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.jobstarter.worker.WorkerSettings.QueueSettings;

/**
 * Counts the jobs that a node has claimed and not settled yet, by queue and in all. An
 * outcome that is not written yet keeps its slot.
 */
final class Slots {

	private final Map<String, Integer> limits;

	private final int limit;

	private final Map<String, Integer> used = new HashMap<>();

	private int usedInAll;

	Slots(Map<String, QueueSettings> queues, int limit) {
		this.limits = queues.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (entry) -> entry.getValue().concurrency()));
		this.limit = limit;
	}

	synchronized int free(String queue) {
		int free = this.limits.getOrDefault(queue, 0) - this.used.getOrDefault(queue, 0);
		return Math.max(0, Math.min(free, free()));
	}

	synchronized int free() {
		return this.limit - this.usedInAll;
	}

	synchronized int used() {
		return this.usedInAll;
	}

	synchronized Map<String, Integer> usedByQueue() {
		return Map.copyOf(this.used);
	}

	synchronized void take(String queue) {
		this.used.merge(queue, 1, Integer::sum);
		this.usedInAll++;
	}

	synchronized void release(String queue) {
		this.used.merge(queue, -1, Integer::sum);
		this.usedInAll--;
		notifyAll();
	}

	/**
	 * Waits until every slot is free.
	 * @param timeout how long to wait
	 * @return whether every slot is free
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
		long end = System.nanoTime() + timeout.toNanos();
		while (this.usedInAll > 0) {
			long millis = (end - System.nanoTime()) / 1_000_000;
			if (millis <= 0) {
				return false;
			}
			wait(millis);
		}
		return true;
	}

}
