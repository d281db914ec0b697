package io.jobstarter.worker;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.store.QueueScope;

/**
 * Says which entry of a node's queues serves a queue: one with its very name goes before
 * all wildcards, and a longer beginning before a shorter one.
 */
public final class ServedQueues {

	private final Set<String> names;

	private final List<QueuePattern> wildcards;

	/**
	 * Makes the rule.
	 * @param entries names of queues, and beginnings of names with an asterisk
	 * @throws io.jobstarter.InvalidJobException if one of them is neither
	 */
	public ServedQueues(Collection<String> entries) {
		List<QueuePattern> patterns = entries.stream().map(QueuePattern::new).toList();
		this.names = patterns.stream()
			.filter((pattern) -> !pattern.isWildcard())
			.map(QueuePattern::text)
			.collect(Collectors.toUnmodifiableSet());
		this.wildcards = patterns.stream()
			.filter(QueuePattern::isWildcard)
			.sorted(Comparator.comparingInt((QueuePattern pattern) -> pattern.prefix().length()).reversed())
			.toList();
	}

	/**
	 * Finds the entry that serves a queue.
	 * @param queue the queue's name
	 * @return the entry, or empty if the queue is not served
	 */
	public Optional<String> entryOf(String queue) {
		if (this.names.contains(queue)) {
			return Optional.of(queue);
		}
		// Not a stream: each poll asks for each queue that has jobs.
		for (QueuePattern wildcard : this.wildcards) {
			if (wildcard.matches(queue)) {
				return Optional.of(wildcard.text());
			}
		}
		return Optional.empty();
	}

	/**
	 * Tells whether a queue is served.
	 * @param queue the queue's name
	 * @return whether an entry stands for it
	 */
	public boolean serves(String queue) {
		return entryOf(queue).isPresent();
	}

	/**
	 * Tells whether any queue is served whose name begins in a given way.
	 * @param beginning how the name begins; the rest is not known
	 * @return whether an entry may stand for it
	 */
	public boolean mayServe(String beginning) {
		return this.names.stream().anyMatch((name) -> name.startsWith(beginning)) || this.wildcards.stream()
			.map(QueuePattern::prefix)
			.anyMatch((prefix) -> prefix.startsWith(beginning) || beginning.startsWith(prefix));
	}

	/**
	 * Tells where to look for jobs.
	 * @return the names and beginnings of all queues that are served
	 */
	QueueScope scope() {
		return new QueueScope(this.names,
				this.wildcards.stream().map(QueuePattern::prefix).collect(Collectors.toUnmodifiableSet()));
	}

}
