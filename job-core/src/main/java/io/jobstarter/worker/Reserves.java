package io.jobstarter.worker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.Lane;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import io.jobstarter.worker.WorkerSettings.Reserved;
import org.jspecify.annotations.Nullable;

/**
 * The slots that entries keep for jobs of low priority. Others never take them, also
 * while nobody needs them: a slot that was lent to a job of an hour would be no reserve.
 * Low priorities may have more than what is kept for them once nothing else waits. Of the
 * slots that an entry has at the time, at least one is left for the others.
 */
final class Reserves {

	private final ServedQueues served;

	private final Map<String, Reserved> reserved = new HashMap<>();

	private final Slots slots;

	/** By entry: what waits at hand or runs. */
	private final Map<String, Integer> low = new HashMap<>();

	private final Map<String, Integer> others = new HashMap<>();

	private final Map<String, Integer> othersRunning = new HashMap<>();

	Reserves(WorkerSettings settings, Slots slots) {
		this.served = settings.served();
		this.slots = slots;
		settings.queues().forEach(this::keep);
	}

	private void keep(String entry, QueueSettings settings) {
		if (settings.reserved() != null) {
			this.reserved.put(entry, settings.reserved());
		}
	}

	private @Nullable Reserved of(@Nullable String entry) {
		return this.reserved.isEmpty() || entry == null ? null : this.reserved.get(entry);
	}

	private @Nullable String entryOf(String queue) {
		return this.reserved.isEmpty() ? null : this.served.entryOf(queue).orElse(null);
	}

	/**
	 * Tells whether slots are kept for jobs of a priority.
	 * @param queue the queue
	 * @param priority the priority
	 * @return whether the priority is low
	 */
	boolean isLow(String queue, int priority) {
		Reserved reserved = of(entryOf(queue));
		return reserved != null && priority < reserved.below();
	}

	/**
	 * Cuts the lanes of a queue into portions that are asked one after the other: what
	 * slots are kept for, then the others, then what is low once more. Where there are
	 * fewer permits of a rate than slots, what is asked first gets them: then the others
	 * go first as often as they have slots.
	 * @param queue the queue
	 * @param lanes its lanes, in the order in which they are to be emptied
	 * @param rated whether its entry has a rate
	 * @return the portions
	 */
	List<Portion> portions(String queue, List<LaneStart> lanes, boolean rated) {
		String entry = entryOf(queue);
		Reserved reserved = of(entry);
		if (reserved == null || entry == null) {
			return List.of(new Portion(queue, lanes, Band.ALL, false));
		}
		List<LaneStart> low = lanes.stream().filter((start) -> isLow(queue, start.lane().priority())).toList();
		List<LaneStart> others = lanes.stream().filter((start) -> !isLow(queue, start.lane().priority())).toList();
		Portion kept = new Portion(queue, low, Band.KEPT, true);
		Portion rest = new Portion(queue, others, Band.OTHERS, true);
		Portion more = new Portion(queue, low, Band.ALL, true);
		return (rated && !drawsKept(entry, reserved)) ? List.of(rest, kept, more) : List.of(kept, rest, more);
	}

	private boolean drawsKept(String entry, Reserved reserved) {
		int all = Math.max(1, this.slots.slotsAtHandOf(entry));
		return ThreadLocalRandom.current().nextInt(all) < kept(all, reserved);
	}

	/**
	 * Says how many jobs of a portion may be claimed, as far as its kind is concerned.
	 * @param portion the portion
	 * @return how many
	 */
	synchronized int room(Portion portion) {
		String entry = entryOf(portion.queue());
		Reserved reserved = of(entry);
		if (reserved == null || entry == null || portion.band() == Band.ALL) {
			return Integer.MAX_VALUE;
		}
		int all = this.slots.slotsAtHandOf(entry);
		int kept = kept(all, reserved);
		int ahead = this.slots.aheadOf(entry);
		int aheadKept = (all > 0) ? ahead * kept / all : 0;
		return (portion.band() == Band.KEPT) ? kept + aheadKept - this.low.getOrDefault(entry, 0)
				: all - kept + ahead - aheadKept - this.others.getOrDefault(entry, 0);
	}

	private static int kept(int all, Reserved reserved) {
		return Math.max(0, Math.min(reserved.slots(), all - 1));
	}

	/**
	 * Tells whether a job that is not low may start.
	 * @param entry the entry of its queue
	 * @return whether the slots that are free are not all kept for others
	 */
	synchronized boolean mayOthersStart(String entry) {
		Reserved reserved = of(entry);
		if (reserved == null) {
			return true;
		}
		int all = this.slots.slotsOf(entry);
		return this.othersRunning.getOrDefault(entry, 0) < all - kept(all, reserved);
	}

	void waits(Lane lane) {
		change(lane, 1, 0);
	}

	void waitsNoMore(Lane lane) {
		change(lane, -1, 0);
	}

	void started(Lane lane) {
		change(lane, 0, 1);
	}

	void ended(Lane lane) {
		change(lane, -1, -1);
	}

	private void change(Lane lane, int held, int running) {
		String entry = entryOf(lane.queue());
		if (of(entry) != null && entry != null) {
			change(entry, isLow(lane.queue(), lane.priority()), held, running);
		}
	}

	private synchronized void change(String entry, boolean isLow, int held, int running) {
		(isLow ? this.low : this.others).merge(entry, held, Integer::sum);
		if (!isLow) {
			this.othersRunning.merge(entry, running, Integer::sum);
		}
	}

	/**
	 * For which slots jobs are claimed.
	 */
	enum Band {

		/** For those that are kept for them. */
		KEPT,

		/** For all but those that are kept. */
		OTHERS,

		/** For all that there are. */
		ALL

	}

	/**
	 * Some lanes of a queue.
	 *
	 * @param queue the queue
	 * @param lanes the lanes
	 * @param band for which slots they are asked
	 * @param apart whether they are asked apart from all others
	 */
	record Portion(String queue, List<LaneStart> lanes, Band band, boolean apart) {
	}

}
