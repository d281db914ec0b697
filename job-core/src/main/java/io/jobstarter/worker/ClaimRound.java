package io.jobstarter.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the lanes of a node once, queue by queue, in as many claims as it takes.
 * One claim asks a bounded number of lanes, for its statement compares each queue with
 * each lane; and if it asks queues of a wildcard, it asks no others, so that its limit is
 * what the wildcard has left for all of them.
 */
final class ClaimRound {

	static final int MAX_LANES = 100;

	private final ServedQueues served;

	private final Slots slots;

	private final Iterator<String> queues;

	private final Function<String, List<LaneStart>> starts;

	/** The lanes of the present queue that were not asked yet. */
	private final Deque<LaneStart> ahead = new ArrayDeque<>();

	/**
	 * Makes a round.
	 * @param served which entry serves a queue
	 * @param slots what may be claimed
	 * @param queues the queues, the first to ask first
	 * @param starts says where to read the lanes of a queue
	 */
	ClaimRound(ServedQueues served, Slots slots, List<String> queues, Function<String, List<LaneStart>> starts) {
		this.served = served;
		this.slots = slots;
		this.queues = queues.iterator();
		this.starts = starts;
	}

	/**
	 * Says what to ask next, of queues that have free slots by now.
	 * @return what to ask, or {@code null} when the round is over
	 */
	@Nullable Ask next() {
		Map<String, List<LaneStart>> asked = new LinkedHashMap<>();
		String entry = null;
		for (int lanes = 0; lanes < MAX_LANES; lanes++) {
			String next = nextQueue();
			if (next == null || (entry != null && !goTogether(entry, entryOf(next)))) {
				break;
			}
			entry = entryOf(next);
			asked.computeIfAbsent(next, (queue) -> new ArrayList<>()).add(this.ahead.remove());
		}
		return (entry != null) ? ask(entry, asked) : null;
	}

	private @Nullable String nextQueue() {
		if (!this.ahead.isEmpty() && this.slots.free(this.ahead.element().lane().queue()) <= 0) {
			this.ahead.clear();
		}
		while (this.ahead.isEmpty() && this.queues.hasNext()) {
			String queue = this.queues.next();
			if (this.slots.free(queue) > 0) {
				this.ahead.addAll(this.starts.apply(queue));
			}
		}
		return this.ahead.isEmpty() ? null : this.ahead.element().lane().queue();
	}

	private static boolean goTogether(String one, String other) {
		return one.equals(other) || !(new QueuePattern(one).isWildcard() || new QueuePattern(other).isWildcard());
	}

	private String entryOf(String queue) {
		return this.served.entryOf(queue).orElseThrow();
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
