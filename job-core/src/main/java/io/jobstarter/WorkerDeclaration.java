package io.jobstarter;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a worker said of itself when it registered.
 *
 * @param queues what it serves, the most important first
 * @param strict whether it serves them in that order, always, rather than by their
 * weights
 * @param slots how many jobs it runs at the same time, as it is configured
 */
public record WorkerDeclaration(List<ServedQueue> queues, boolean strict, int slots) {

	public WorkerDeclaration {
		queues = List.copyOf(queues);
	}

	/**
	 * Finds the entry that serves a queue: one with its very name goes before all
	 * wildcards, and a longer beginning before a shorter one.
	 * @param queue the queue's name
	 * @return the entry, or empty if the queue is not served
	 */
	public Optional<ServedQueue> entryOf(String queue) {
		return this.queues.stream()
			.filter((entry) -> entry.matches(queue))
			.min(Comparator.comparing(ServedQueue::isWildcard)
				.thenComparing((entry) -> entry.pattern().length(), Comparator.reverseOrder()));
	}

	/**
	 * Tells whether it serves a queue.
	 * @param queue the queue's name
	 * @return whether it does
	 */
	public boolean serves(String queue) {
		return entryOf(queue).isPresent();
	}

}
