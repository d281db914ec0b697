package io.jobstarter.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
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
 * what the wildcard has left for all of them. So it is with an entry that has a rate, and
 * with what bounds queues over all nodes. Of a queue with a front lane nothing is claimed
 * ahead: what came back may have ended the node that held it, and must not wait where the
 * next one is killed.
 */
final class ClaimRound {

	static final int MAX_LANES = 100;

	private final ServedQueues served;

	private final Slots slots;

	private final QueueRates rates;

	private final Iterator<String> queues;

	/** How many queues there are of each entry. */
	private final Map<String, Integer> shares = new HashMap<>();

	private final Function<String, List<LaneStart>> starts;

	/** The lanes of the present queue that were not asked yet. */
	private final Deque<LaneStart> ahead = new ArrayDeque<>();

	/** How many jobs of the present queue may be claimed. */
	private int room;

	/**
	 * Makes a round.
	 * @param served which entry serves a queue
	 * @param slots what may be claimed
	 * @param rates which entries have rates, and no permit at present
	 * @param queues the queues, the first to ask first
	 * @param starts says where to read the lanes of a queue
	 */
	ClaimRound(ServedQueues served, Slots slots, QueueRates rates, List<String> queues,
			Function<String, List<LaneStart>> starts) {
		this.served = served;
		this.slots = slots;
		this.rates = rates;
		this.queues = queues.iterator();
		queues.forEach((queue) -> this.shares.merge(entryOf(queue), 1, Integer::sum));
		this.starts = starts;
	}

	/**
	 * Says what to ask next, of queues that have room by now.
	 * @return what to ask, or {@code null} when the round is over
	 */
	@Nullable Ask next() {
		Map<String, QueueDemand> asked = new LinkedHashMap<>();
		String last = null;
		for (int lanes = 0; lanes < MAX_LANES; lanes++) {
			String next = nextQueue();
			if (next == null || (last != null && !goTogether(last, next))) {
				break;
			}
			last = next;
			asked.computeIfAbsent(next, (queue) -> new QueueDemand(queue, this.room, new ArrayList<>()))
				.lanes()
				.add(this.ahead.remove());
		}
		return (last != null) ? ask(last, List.copyOf(asked.values())) : null;
	}

	private @Nullable String nextQueue() {
		if (!this.ahead.isEmpty()) {
			look(this.ahead.element().lane().queue());
		}
		while (this.ahead.isEmpty() && this.queues.hasNext()) {
			String queue = this.queues.next();
			this.ahead.addAll(this.starts.apply(queue));
			look(queue);
		}
		return this.ahead.isEmpty() ? null : this.ahead.element().lane().queue();
	}

	private void look(String queue) {
		this.room = Math.min(wanted(queue), this.slots.claimable());
		if (this.room <= 0) {
			this.ahead.clear();
		}
	}

	// A permit is taken at the claim: what it is for must not wait after that.
	private int wanted(String queue) {
		if (this.ahead.isEmpty()) {
			return 0;
		}
		if (this.rates.limits(entryOf(queue))) {
			return this.rates.mayClaim(entryOf(queue)) ? this.slots.claimableOfReturned(queue) : 0;
		}
		boolean cameBack = this.ahead.stream().anyMatch((start) -> start.lane().front());
		return cameBack ? this.slots.claimableOfReturned(queue) : share(queue);
	}

	// The queues of a wildcard share what is claimed ahead, so that all take part in the
	// choice of what runs next.
	private int share(String queue) {
		int free = this.slots.free(queue);
		int ahead = this.slots.claimable(queue) - free;
		int queues = this.shares.getOrDefault(entryOf(queue), 1);
		return (ahead > 0) ? free + (ahead + queues - 1) / queues : free + ahead;
	}

	private boolean goTogether(String one, String other) {
		String entry = entryOf(one);
		String otherEntry = entryOf(other);
		boolean alike = entry.equals(otherEntry) || !(this.rates.limits(entry) || this.rates.limits(otherEntry));
		return alike && this.slots.goTogether(one, other);
	}

	private String entryOf(String queue) {
		return this.served.entryOf(queue).orElseThrow();
	}

	private Ask ask(String queue, List<QueueDemand> demands) {
		String entry = entryOf(queue);
		int room = this.slots.roomFor(entry, queue);
		int most = this.rates.limits(entry) ? demands.stream().mapToInt(QueueDemand::limit).max().orElse(0) : room;
		return new Ask(entry, demands, Math.min(room, most));
	}

	/**
	 * What one claim asks.
	 *
	 * @param entry the entry of the first queue, and of all if it stands alone
	 * @param demands the queues and their lanes
	 * @param limit how many jobs at most
	 */
	record Ask(String entry, List<QueueDemand> demands, int limit) {
	}

}
