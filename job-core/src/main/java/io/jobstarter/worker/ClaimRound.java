package io.jobstarter.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the lanes of a node once, in their order, in as many claims as it takes.
 * One claim asks a bounded number of lanes, for its statement compares each queue with
 * each lane; and if it asks queues of a wildcard, it asks no others, so that its limit is
 * what the wildcard has left for all of them.
 */
final class ClaimRound {

	static final int MAX_LANES = 100;

	private final ServedQueues served;

	private final Slots slots;

	private final Deque<LaneStart> left;

	ClaimRound(ServedQueues served, Slots slots, List<LaneStart> lanes) {
		this.served = served;
		this.slots = slots;
		this.left = new ArrayDeque<>(lanes);
	}

	/**
	 * Says what to ask next, of queues that have free slots by now.
	 * @return what to ask, or {@code null} when the round is over
	 */
	@Nullable Ask next() {
		Map<String, List<LaneStart>> asked = new LinkedHashMap<>();
		String entry = null;
		for (int lanes = 0; lanes < MAX_LANES; lanes++) {
			skipWithoutSlots();
			LaneStart start = this.left.peek();
			if (start == null || (entry != null && !goTogether(entry, entryOf(start)))) {
				break;
			}
			entry = entryOf(start);
			asked.computeIfAbsent(start.lane().queue(), (queue) -> new ArrayList<>()).add(this.left.remove());
		}
		return (entry != null) ? ask(entry, asked) : null;
	}

	private void skipWithoutSlots() {
		while (!this.left.isEmpty() && this.slots.free(this.left.element().lane().queue()) <= 0) {
			this.left.remove();
		}
	}

	private static boolean goTogether(String one, String other) {
		return one.equals(other) || !(new QueuePattern(one).isWildcard() || new QueuePattern(other).isWildcard());
	}

	private String entryOf(LaneStart start) {
		return this.served.entryOf(start.lane().queue()).orElseThrow();
	}

	private Ask ask(String entry, Map<String, List<LaneStart>> asked) {
		List<QueueDemand> demands = new ArrayList<>();
		asked.forEach((queue, starts) -> demands.add(new QueueDemand(queue, this.slots.free(queue), starts)));
		boolean wildcard = new QueuePattern(entry).isWildcard();
		return new Ask(demands, wildcard ? this.slots.freeIn(entry) : Math.max(0, this.slots.free()));
	}

	/**
	 * What one claim asks.
	 *
	 * @param demands the queues and their lanes
	 * @param limit how many jobs at most
	 */
	record Ask(List<QueueDemand> demands, int limit) {
	}

}
