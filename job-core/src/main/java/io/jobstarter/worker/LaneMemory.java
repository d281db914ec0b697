package io.jobstarter.worker;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

	private final Map<String, Set<Lane>> lanes = new HashMap<>();

	private final Map<Lane, Long> bounds = new HashMap<>();

	synchronized void add(Lane lane) {
		this.lanes.computeIfAbsent(lane.queue(), (queue) -> new HashSet<>()).add(lane);
	}

	/**
	 * Replaces what is known of some queues.
	 * @param queues the queues
	 * @param found their lanes
	 */
	synchronized void replace(List<String> queues, Set<Lane> found) {
		queues.forEach(this.lanes::remove);
		found.forEach(this::add);
		this.bounds.keySet().removeIf((lane) -> queues.contains(lane.queue()) && !found.contains(lane));
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
