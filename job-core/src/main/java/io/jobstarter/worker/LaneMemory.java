package io.jobstarter.worker;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.Lane;

/**
 * What a node knows of lanes: which there are, and up to which position each has been
 * claimed. Starting a claim there skips the dead rows of what is long gone. Rows that
 * were committed late lie below; sweeps find them.
 */
final class LaneMemory {

	private static final Comparator<Lane> ORDER = Comparator.comparingInt(Lane::priority)
		.reversed()
		.thenComparing(Lane::front, Comparator.reverseOrder());

	private final Map<String, Set<Lane>> lanes = new TreeMap<>();

	private final Map<Lane, Long> bounds = new HashMap<>();

	private final Set<Lane> added = new HashSet<>();

	synchronized void add(Lane lane) {
		this.added.add(lane);
		put(lane);
	}

	private void put(Lane lane) {
		this.lanes.computeIfAbsent(lane.queue(), (queue) -> new HashSet<>()).add(lane);
	}

	/**
	 * Replaces what is known. A lane that is added while the lanes are read is kept: the
	 * reader may have missed it.
	 * @param reader finds all lanes
	 */
	void refresh(Supplier<Set<Lane>> reader) {
		forgetAdded();
		replace(reader.get());
	}

	private synchronized void forgetAdded() {
		this.added.clear();
	}

	private synchronized void replace(Set<Lane> found) {
		this.lanes.clear();
		found.forEach(this::put);
		this.added.forEach(this::put);
		this.bounds.keySet().retainAll(found);
	}

	/**
	 * Lists the queues that have lanes.
	 * @return the queues, by name
	 */
	synchronized List<String> queues() {
		return List.copyOf(this.lanes.keySet());
	}

	synchronized void claimed(Lane lane, long position) {
		this.bounds.merge(lane, position + 1, Math::max);
	}

	/**
	 * Forgets the bounds: after a new connection positions may start over.
	 */
	synchronized void forgetBounds() {
		this.bounds.clear();
	}

	/**
	 * Says where to read the lanes of a queue, in the order in which they are emptied.
	 * @param queue the queue
	 * @param sweep whether to read them from their beginnings
	 * @return the starts
	 */
	synchronized List<LaneStart> starts(String queue, boolean sweep) {
		return this.lanes.getOrDefault(queue, Set.of())
			.stream()
			.sorted(ORDER)
			.map((lane) -> new LaneStart(lane, sweep ? 0 : this.bounds.getOrDefault(lane, 0L)))
			.toList();
	}

}
