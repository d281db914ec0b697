package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import io.jobstarter.circuit.Circuits;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.Lane;
import io.jobstarter.store.Look;
import io.jobstarter.store.QueueLimits;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Knows which lanes have jobs and what operators have set: by what is announced, and by
 * looking at the tables from time to time, since announcements may be lost.
 */
final class Lookout {

	private static final Log logger = LogFactory.getLog(Lookout.class);

	private static final int MAX_SHOWN = 1_000;

	private final ClaimStore store;

	private final ServedQueues served;

	private final Slots slots;

	private final Dispatcher dispatcher;

	private final Circuits circuits;

	private final FleetSlots fleet;

	private final LaneBounds bounds;

	private final LaneMemory lanes = new LaneMemory();

	// To find lanes is to walk over the dead rows at their heads.
	private final SweepBudget lookups = new SweepBudget(20, Duration.ofSeconds(30), System::nanoTime);

	private final IdlePace idle;

	private long lastLook;

	private volatile boolean lookAtOnce;

	Lookout(ClaimStore store, WorkerSettings settings, Slots slots, Dispatcher dispatcher, Circuits circuits,
			FleetSlots fleet, LaneBounds bounds) {
		this.store = store;
		this.served = settings.served();
		this.slots = slots;
		this.dispatcher = dispatcher;
		this.circuits = circuits;
		this.fleet = fleet;
		this.bounds = bounds;
		this.idle = new IdlePace(settings.pollInterval());
		this.lastLook = System.nanoTime() - settings.pollInterval().toNanos();
	}

	/**
	 * Hears that a lane has jobs.
	 * @param lane the lane
	 */
	void ready(Lane lane) {
		this.lanes.add(lane);
	}

	void sawJobs() {
		this.idle.sawJobs();
	}

	/**
	 * Hears whether what other nodes announce arrives from now on. What was announced
	 * before may have been lost: it looks at once.
	 * @param arrives whether it does
	 */
	void announced(boolean arrives) {
		this.idle.announced(arrives);
		this.lookAtOnce = true;
	}

	boolean isAnnounced() {
		return this.idle.isAnnounced();
	}

	/**
	 * Lists the queues that have lanes.
	 * @return the queues, by name
	 */
	List<String> queues() {
		return this.lanes.queues();
	}

	/**
	 * Says where to read the lanes of queues, in the order in which they are emptied.
	 * @param from the first position of each that is looked at
	 * @return the starts by queue
	 */
	Function<String, List<LaneStart>> startsFrom(ToLongFunction<Lane> from) {
		return (queue) -> this.lanes.starts(queue, from);
	}

	/**
	 * Looks, if it is time. Also while no slot is free: an operator may have added some.
	 */
	void look() {
		if (untilLook() > 0) {
			return;
		}
		// What was announced before may be lost: that cannot wait for cheaper times.
		boolean must = this.lookAtOnce;
		this.lookAtOnce = false;
		this.lastLook = System.nanoTime();
		if (must || this.lookups.allows()) {
			lookForLanes();
		}
		else {
			heard(this.store.concurrencyLimits());
			this.circuits.seen(this.store.hasCircuits());
		}
	}

	private void lookForLanes() {
		long start = System.nanoTime();
		// All queues, not only those with free slots: it is one statement either way.
		this.lanes.refresh(() -> {
			Look seen = this.store.look(this.served.scope());
			heard(seen.limits());
			this.circuits.seen(seen.circuits());
			return seen.lanes();
		});
		this.lookups.spent(System.nanoTime() - start);
		this.bounds.forgetGone(this.lanes::contains);
		this.dispatcher.fairUse().forgetGone(this.lanes.queues()::contains);
		if (this.lanes.queues().isEmpty() && this.slots.held() == 0) {
			this.idle.sawNothing();
		}
		else {
			this.idle.sawJobs();
		}
	}

	private void heard(QueueLimits limits) {
		this.fleet.heard(limits.fleet());
		limit(limits.perNode());
	}

	private void limit(Map<String, Integer> limits) {
		if (this.slots.limit(limits)) {
			logger.info("Operators have set how many jobs of a queue a node runs at the same time: "
					+ CleanText.printable(limits.toString(), MAX_SHOWN) + ". This node runs up to " + this.slots.limit()
					+ " in all");
			this.dispatcher.startNext();
		}
	}

	/**
	 * Says how long it is until the next look.
	 * @return the time, at least a nanosecond
	 */
	Duration untilNext() {
		return Duration.ofNanos(Math.max(1, untilLook()));
	}

	private long untilLook() {
		return this.lookAtOnce ? 0 : this.idle.interval().toNanos() - (System.nanoTime() - this.lastLook);
	}

}
