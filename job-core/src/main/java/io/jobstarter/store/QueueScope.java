package io.jobstarter.store;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which queues are meant: some by their names, others by how their names begin.
 *
 * @param names the names
 * @param prefixes the beginnings; the empty one stands for every queue. One that another
 * covers is left out
 */
public record QueueScope(Set<String> names, Set<String> prefixes) {

	public QueueScope {
		names = Set.copyOf(names);
		prefixes = withoutCovered(prefixes);
	}

	/**
	 * Means queues by their names only.
	 * @param names the names
	 * @return the scope
	 */
	public static QueueScope of(Collection<String> names) {
		return new QueueScope(Set.copyOf(names), Set.of());
	}

	/**
	 * Tells whether no queue is meant.
	 * @return whether the scope is empty
	 */
	public boolean isEmpty() {
		return this.names.isEmpty() && this.prefixes.isEmpty();
	}

	private static Set<String> withoutCovered(Set<String> prefixes) {
		return prefixes.stream()
			.filter((prefix) -> prefixes.stream()
				.noneMatch((other) -> prefix.startsWith(other) && !prefix.equals(other)))
			.collect(Collectors.toUnmodifiableSet());
	}

}
