package io.jobstarter.worker;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.Lane;

/**
 * Which lanes a node knows.
 */
final class LaneMemory {

	private static final Comparator<Lane> ORDER = Comparator.comparingInt(Lane::priority)
		.reversed()
		.thenComparing(Lane::front, Comparator.reverseOrder());

	private final Map<String, Set<Lane>> lanes = new TreeMap<>();

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
	}

	/**
	 * Lists the queues that have lanes.
	 * @return the queues, by name
	 */
	synchronized List<String> queues() {
		return List.copyOf(this.lanes.keySet());
	}

	synchronized boolean contains(Lane lane) {
		return this.lanes.getOrDefault(lane.queue(), Set.of()).contains(lane);
	}

	/**
	 * Says where to read the lanes of a queue, in the order in which they are emptied.
	 * @param queue the queue
	 * @param from the first position of each that is looked at
	 * @return the starts
	 */
	synchronized List<LaneStart> starts(String queue, ToLongFunction<Lane> from) {
		return this.lanes.getOrDefault(queue, Set.of())
			.stream()
			.sorted(ORDER)
			.map((lane) -> new LaneStart(lane, from.applyAsLong(lane)))
			.toList();
	}

}
