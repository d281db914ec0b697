package io.jobstarter.autoconfigure;

import java.util.HashSet;
import java.util.Set;

import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobQueue;
import io.jobstarter.worker.ServedQueues;

/**
 * Says under which name meters show a queue: its own if a setting or a handler declares
 * it, that of its wildcard, or {@value #OTHER}. Names of queues come from callers and
 * payloads, and must not make a meter each.
 */
public final class QueueTags {

	/** What stands for all queues that nothing declares. */
	public static final String OTHER = "other";

	private final Set<String> declared;

	private final ServedQueues entries;

	/**
	 * Makes the rule for an application.
	 * @param properties its settings
	 * @param handlers its handlers
	 */
	public QueueTags(BackgroundJobProperties properties, HandlerRegistry handlers) {
		this(declared(properties, handlers));
	}

	/**
	 * Makes the rule for some queues.
	 * @param declared names of queues, and beginnings of names with an asterisk
	 */
	public QueueTags(Set<String> declared) {
		this.declared = Set.copyOf(declared);
		this.entries = new ServedQueues(declared);
	}

	private static Set<String> declared(BackgroundJobProperties properties, HandlerRegistry handlers) {
		Set<String> declared = new HashSet<>(properties.queues().keySet());
		declared.add(properties.defaults().queue());
		handlers.definitions()
			.stream()
			.map(JobDefinition::queue)
			.filter(JobQueue::isFixed)
			.forEach((queue) -> declared.add(queue.toString()));
		return declared;
	}

	/**
	 * Lists all names but {@value #OTHER}.
	 * @return the names
	 */
	public Set<String> declared() {
		return this.declared;
	}

	/**
	 * Says under which name a queue is shown.
	 * @param queue the queue
	 * @return one of few names
	 */
	public String of(String queue) {
		return this.entries.entryOf(queue).orElse(OTHER);
	}

}
