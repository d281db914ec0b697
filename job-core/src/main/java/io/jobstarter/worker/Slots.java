package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import io.jobstarter.worker.WorkerSettings.QueueSettings;

/**
 * Counts the jobs that a node has claimed and not settled yet: by queue, by the entry
 * that serves the queue, and in all. An outcome that is not written yet keeps its slot.
 */
final class Slots {

	private final ServedQueues served;

	private final Map<String, QueueSettings> entries;

	private final int cap;

	private final Map<String, Integer> used = new HashMap<>();

	private final Map<String, Integer> usedByEntry = new HashMap<>();

	private Map<String, Integer> limits = Map.of();

	private int limit;

	private int usedInAll;

	Slots(WorkerSettings settings) {
		this.served = settings.served();
		this.entries = settings.queues();
		this.cap = (settings.concurrency() != null) ? settings.concurrency() : Integer.MAX_VALUE;
		this.limit = settings.slots();
	}

	/**
	 * Takes what operators have set in place of the configuration. More than is allowed
	 * may be taken for a while: what runs is left alone.
	 * @param limits how many jobs may run at the same time, by queue
	 * @return whether something has changed for this node
	 */
	synchronized boolean limit(Map<String, Integer> limits) {
		Map<String, Integer> mine = limits.entrySet()
			.stream()
			.filter((limit) -> this.served.serves(limit.getKey()))
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (limit) -> Math.max(0, limit.getValue())));
		boolean changed = !mine.equals(this.limits);
		this.limits = mine;
		long sum = this.entries.keySet().stream().mapToLong(this::limitOf).sum();
		this.limit = (int) Math.min(this.cap, sum);
		return changed;
	}

	// One that an operator has set for the very queue goes before the configuration.
	private int limitOf(String entry) {
		Integer set = this.limits.get(entry);
		return (set != null) ? set : Objects.requireNonNull(this.entries.get(entry)).concurrency();
	}

	synchronized int limit() {
		return this.limit;
	}

	/**
	 * Says how many jobs of a queue may be claimed, as far as this queue, its entry and
	 * the node are concerned.
	 * @param queue the queue
	 * @return the free slots, 0 if the queue is not served
	 */
	synchronized int free(String queue) {
		int free = this.served.entryOf(queue).map(this::freeIn).orElse(0);
		int own = this.limits.getOrDefault(queue, Integer.MAX_VALUE) - this.used.getOrDefault(queue, 0);
		return Math.max(0, Math.min(free, own));
	}

	/**
	 * Says how many jobs may be claimed of all queues that an entry stands for.
	 * @param entry the entry
	 * @return the free slots
	 */
	synchronized int freeIn(String entry) {
		int free = limitOf(entry) - this.usedByEntry.getOrDefault(entry, 0);
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
		count(queue, 1);
	}

	synchronized void release(String queue) {
		count(queue, -1);
		// Of queues that come and go, as with tenants, nothing is kept.
		if (!this.entries.containsKey(queue)) {
			this.used.remove(queue, 0);
		}
		notifyAll();
	}

	private void count(String queue, int change) {
		this.used.merge(queue, change, Integer::sum);
		this.served.entryOf(queue).ifPresent((entry) -> this.usedByEntry.merge(entry, change, Integer::sum));
		this.usedInAll += change;
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
