package io.jobstarter.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.Lane;

/**
 * What the shares of each queue have used of its slots on this node, so that the one that
 * has used least goes next. Use is the time in slots, of which half is forgotten every
 * {@link #HALF_LIFE}: of jobs that run for long it is the number that runs, and one that
 * has just come goes before those that had the slots to themselves, for that time at
 * most. Queues without shares are not looked after, and cost nothing.
 */
final class FairUse {

	static final Duration HALF_LIFE = Duration.ofSeconds(5);

	/** A job that is at hand for so long goes before those of shares that used less. */
	static final Duration LONGEST_WAIT = Duration.ofMillis(500);

	private static final double DECAY = HALF_LIFE.toNanos() / Math.log(2);

	private final LongSupplier nanoTime;

	private final Map<String, Map<Integer, Use>> queues = new HashMap<>();

	/** The same queues, to be asked without a lock. */
	private volatile Set<String> shared = Set.of();

	private volatile boolean newcomers;

	FairUse(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Tells whether the jobs of a queue share it.
	 * @param queue the queue
	 * @return whether jobs of a share have been met
	 */
	boolean isShared(String queue) {
		return this.shared.contains(queue);
	}

	/**
	 * Hears that a lane has received jobs.
	 * @param lane the lane
	 */
	void announced(Lane lane) {
		if (lane.share() > 0) {
			meet(lane.queue());
		}
		if (isShared(lane.queue())) {
			note(lane);
		}
	}

	private synchronized void note(Lane lane) {
		Use use = use(lane.queue(), lane.share());
		use.announced = true;
		use.dry = false;
		this.newcomers |= use.waiting == 0;
	}

	private synchronized void meet(String queue) {
		if (!isShared(queue)) {
			this.queues.computeIfAbsent(queue, (name) -> new HashMap<>());
			this.shared = Set.copyOf(this.queues.keySet());
		}
	}

	private Use use(String queue, int share) {
		return this.queues.computeIfAbsent(queue, (name) -> new HashMap<>())
			.computeIfAbsent(share, (number) -> new Use(this.nanoTime.getAsLong()));
	}

	/**
	 * Tells whether some share has received jobs of which none is at hand.
	 * @return whether one may be claimed beyond what is claimed ahead
	 */
	boolean hasNewcomers() {
		return this.newcomers;
	}

	/**
	 * Says how the shares of a queue take turns in a claim.
	 * @param queue the queue
	 * @param lanes its lanes, in the order in which they are to be emptied
	 * @return the turns, without any if the queue is not shared
	 */
	FairTurns turns(String queue, Collection<LaneStart> lanes) {
		if (lanes.stream().anyMatch((start) -> start.lane().share() > 0)) {
			meet(queue);
		}
		return isShared(queue) ? shares(queue, lanes) : FairTurns.NONE;
	}

	private synchronized FairTurns shares(String queue, Collection<LaneStart> lanes) {
		long now = this.nanoTime.getAsLong();
		return new FairTurns(lanes.stream()
			.map((start) -> start.lane().share())
			.distinct()
			.map((share) -> use(queue, share).turn(share, now))
			.sorted(Comparator.comparingDouble(FairTurns.Turn::used))
			.toList());
	}

	/**
	 * Hears what a claim has brought of a share.
	 * @param demand what was asked
	 * @param claimed how many jobs came
	 * @param full whether the claim ended when it had as many as it wanted in all, so
	 * that fewer jobs of this share mean nothing
	 * @return whether there may be more of this share
	 */
	synchronized boolean asked(QueueDemand demand, int claimed, boolean full) {
		Use use = use(demand.queue(), demand.share());
		boolean more = claimed >= demand.limit();
		if (more || !full) {
			use.dry = !more;
			use.announced = false;
		}
		return more;
	}

	/**
	 * Hears that the newcomers that were there have been asked for.
	 */
	synchronized void welcomed() {
		this.newcomers = this.queues.values()
			.stream()
			.flatMap((uses) -> uses.values().stream())
			.anyMatch((use) -> use.announced && use.waiting == 0);
	}

	void waits(Lane lane) {
		if (isShared(lane.queue())) {
			change(lane, 1, 0);
		}
	}

	void waitsNoMore(Lane lane) {
		if (isShared(lane.queue())) {
			change(lane, -1, 0);
		}
	}

	void started(Lane lane) {
		if (isShared(lane.queue())) {
			change(lane, -1, 1);
		}
	}

	void ended(Lane lane) {
		if (isShared(lane.queue())) {
			change(lane, 0, -1);
		}
	}

	private synchronized void change(Lane lane, int waiting, int running) {
		use(lane.queue(), lane.share()).change(waiting, running, this.nanoTime.getAsLong());
	}

	/**
	 * Says which share of a queue goes next.
	 * @param queue the queue
	 * @param shares shares whose jobs are at hand, at least one
	 * @return the one that has used least
	 */
	synchronized int next(String queue, Set<Integer> shares) {
		if (shares.size() == 1) {
			return shares.iterator().next();
		}
		long now = this.nanoTime.getAsLong();
		int next = -1;
		double least = Double.MAX_VALUE;
		for (int share : shares) {
			double used = use(queue, share).used(now);
			if (used < least) {
				next = share;
				least = used;
			}
		}
		return next;
	}

	/**
	 * Forgets queues that have no lanes any more.
	 * @param known which queues have lanes
	 */
	synchronized void forgetGone(Predicate<String> known) {
		if (this.queues.entrySet().removeIf((queue) -> !known.test(queue.getKey()) && isIdle(queue.getValue()))) {
			this.shared = Set.copyOf(this.queues.keySet());
		}
	}

	private static boolean isIdle(Map<Integer, Use> uses) {
		return uses.values().stream().allMatch((use) -> use.running == 0 && use.waiting == 0);
	}

	/**
	 * What one share has used.
	 */
	private static final class Use {

		private double used;

		private long at;

		private int running;

		/** How many of its jobs are claimed and do not run yet. */
		private int waiting;

		/** Whether the last claim brought all that there was. */
		private boolean dry;

		/** Whether jobs have come since the last claim. */
		private boolean announced;

		Use(long now) {
			this.at = now;
		}

		// What runs adds its time while what was used before is being forgotten.
		double used(long now) {
			double kept = Math.exp(-(now - this.at) / DECAY);
			return this.used * kept + this.running * (1 - kept);
		}

		// Bodies may run from before the queue was known to be shared.
		void change(int waiting, int running, long now) {
			this.used = used(now);
			this.at = now;
			this.waiting = Math.max(0, this.waiting + waiting);
			this.running = Math.max(0, this.running + running);
		}

		FairTurns.Turn turn(int share, long now) {
			return new FairTurns.Turn(share, used(now), this.waiting, this.dry, this.announced && this.waiting == 0);
		}

	}

}
