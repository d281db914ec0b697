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
import io.jobstarter.worker.Reserves.Portion;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the lanes of a node once, queue by queue, in as many claims as it takes.
 * One claim asks a bounded number of lanes, for its statement compares each queue with
 * each lane; and if it asks queues of a wildcard, or the shares of a queue, it asks no
 * others, so that its limit is what these have left together. So it is with an entry that
 * has a rate, and with what bounds queues over all nodes. Of a queue with a front lane
 * nothing is claimed ahead: what came back may have ended the node that held it, and must
 * not wait where the next one is killed.
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

	private final FairUse fairUse;

	private final Reserves reserves;

	/** What else there is of the present queue. */
	private final Deque<Portion> portions = new ArrayDeque<>();

	/** Where the lanes belong that are being asked. */
	private @Nullable Portion portion;

	/** How the shares of the present queue take turns, if it has any. */
	private FairTurns turns = FairTurns.NONE;

	/** Whether only newcomers are asked, beyond what is claimed ahead. */
	private boolean beyond;

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
	 * @param fairUse what the shares of queues have used
	 * @param reserves the slots that are kept for low priorities
	 */
	ClaimRound(ServedQueues served, Slots slots, QueueRates rates, List<String> queues,
			Function<String, List<LaneStart>> starts, FairUse fairUse, Reserves reserves) {
		this.served = served;
		this.slots = slots;
		this.rates = rates;
		this.queues = queues.iterator();
		queues.forEach((queue) -> this.shares.merge(entryOf(queue), 1, Integer::sum));
		this.starts = starts;
		this.fairUse = fairUse;
		this.reserves = reserves;
	}

	/**
	 * Says what to ask next, of queues that have room by now.
	 * @return what to ask, or {@code null} when the round is over
	 */
	@Nullable Ask next() {
		Map<Part, QueueDemand> asked = new LinkedHashMap<>();
		String last = null;
		Portion apart = null;
		// As it was for the last lane: to look for the next may have begun another queue.
		Ask bounds = null;
		for (int lanes = 0; lanes < MAX_LANES; lanes++) {
			String next = nextQueue();
			if (next == null || (last != null && !goTogether(last, next, apart))) {
				break;
			}
			last = next;
			apart = isApart() ? this.portion : null;
			bounds = new Ask(entryOf(next), List.of(), this.room, this.beyond);
			LaneStart lane = this.ahead.remove();
			asked.computeIfAbsent(new Part(next, lane.lane().share()), this::demand).lanes().add(lane);
		}
		return (last != null && bounds != null)
				? ask(last, (apart != null) ? bounds : null, List.copyOf(asked.values())) : null;
	}

	private @Nullable String nextQueue() {
		if (!this.ahead.isEmpty()) {
			look(this.ahead.element().lane().queue());
		}
		while (this.ahead.isEmpty() && (!this.portions.isEmpty() || this.queues.hasNext())) {
			if (this.portions.isEmpty()) {
				String queue = this.queues.next();
				this.portions.addAll(this.reserves.portions(queue, this.starts.apply(queue)));
			}
			begin(this.portions.remove());
		}
		return this.ahead.isEmpty() ? null : this.ahead.element().lane().queue();
	}

	private void begin(Portion portion) {
		this.portion = portion;
		this.turns = this.fairUse.turns(portion.queue(), portion.lanes());
		this.ahead.addAll(this.turns.isShared() ? this.turns.order(portion.lanes()) : portion.lanes());
		look(portion.queue());
	}

	private boolean isApart() {
		return this.turns.isShared() || (this.portion != null && this.portion.apart());
	}

	private void look(String queue) {
		boolean cameBack = this.ahead.stream().anyMatch((start) -> start.lane().front());
		boolean rated = this.rates.limits(entryOf(queue));
		this.room = Math.min(rated ? permitted(queue) : cameBack ? this.slots.claimableOfReturned(queue) : share(queue),
				this.slots.claimable());
		if (this.portion != null) {
			this.room = Math.min(this.room, this.reserves.room(this.portion));
		}
		this.beyond = this.room <= 0 && !cameBack && !rated && this.turns.isShared();
		if (this.beyond) {
			this.room = this.slots.claimableByNewcomers(queue, this.turns.many());
			this.ahead.removeIf((start) -> !this.turns.isNewcomer(start.lane().share()));
		}
		if (this.room <= 0) {
			this.ahead.clear();
		}
		else if (this.turns.isShared()) {
			this.ahead.removeIf((start) -> limit(start.lane().share()) <= 0);
		}
	}

	// A permit is taken at the claim: what it is for must not wait after that.
	private int permitted(String queue) {
		boolean asks = !this.ahead.isEmpty() && this.rates.mayClaim(entryOf(queue));
		return asks ? this.slots.claimableOfReturned(queue) : 0;
	}

	private int limit(int share) {
		return this.beyond ? this.room : this.turns.limit(share, this.room);
	}

	private QueueDemand demand(Part part) {
		return new QueueDemand(part.queue(), limit(part.share()), new ArrayList<>(), part.share());
	}

	// The queues of a wildcard share what is claimed ahead, so that all take part in the
	// choice of what runs next.
	private int share(String queue) {
		int free = this.slots.free(queue);
		int ahead = this.slots.claimable(queue) - free;
		int queues = this.shares.getOrDefault(entryOf(queue), 1);
		return (ahead > 0) ? free + (ahead + queues - 1) / queues : free + ahead;
	}

	private boolean goTogether(String one, String other, @Nullable Portion apart) {
		if (apart != null || isApart()) {
			return apart == this.portion;
		}
		String entry = entryOf(one);
		String otherEntry = entryOf(other);
		boolean rated = this.rates.limits(entry) || this.rates.limits(otherEntry);
		return (entry.equals(otherEntry) || !rated) && this.slots.goTogether(one, other);
	}

	private String entryOf(String queue) {
		return this.served.entryOf(queue).orElseThrow();
	}

	private Ask ask(String queue, @Nullable Ask bounds, List<QueueDemand> demands) {
		String entry = entryOf(queue);
		if (bounds != null) {
			return new Ask(entry, demands, bounds.limit(), bounds.beyond());
		}
		int room = this.slots.roomFor(entry, queue);
		int most = this.rates.limits(entry) ? demands.stream().mapToInt(QueueDemand::limit).max().orElse(0) : room;
		return new Ask(entry, demands, Math.min(room, most), false);
	}

	/**
	 * What one claim asks.
	 *
	 * @param entry the entry of the first queue, and of all if it stands alone
	 * @param demands the queues and their lanes
	 * @param limit how many jobs at most
	 * @param beyond whether these may be more than what may be claimed ahead
	 */
	record Ask(String entry, List<QueueDemand> demands, int limit, boolean beyond) {
	}

	private record Part(String queue, int share) {
	}

}
