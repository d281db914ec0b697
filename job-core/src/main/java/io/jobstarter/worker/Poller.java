package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.QueueScope;
import io.jobstarter.support.SupervisedLoop;
import org.jspecify.annotations.Nullable;

/**
 * Claims jobs for the free slots of the node: when one becomes free, when something is
 * announced, and from time to time in any case.
 */
final class Poller {

	private static final Duration WITHOUT_LEASE = Duration.ofMillis(500);

	private final ClaimStore store;

	private final Set<String> names;

	private final WorkerSettings settings;

	private final Heartbeat heartbeat;

	private final Slots slots;

	private final Dispatcher dispatcher;

	private final QueueSelection selection;

	private final LaneMemory lanes = new LaneMemory();

	private final SweepBudget sweeps = new SweepBudget();

	private final SupervisedLoop loop;

	private long nextRefresh = System.nanoTime();

	private long claims;

	private volatile @Nullable ClaimRequest doubtful;

	Poller(ClaimStore store, Set<String> names, WorkerSettings settings, Heartbeat heartbeat, Slots slots,
			Dispatcher dispatcher) {
		this.store = store;
		this.names = names;
		this.settings = settings;
		this.heartbeat = heartbeat;
		this.slots = slots;
		this.dispatcher = dispatcher;
		this.selection = new QueueSelection(settings.queues(), settings.queueOrder());
		this.loop = new SupervisedLoop("background-jobs-poller", settings.maxBackoff(), this::poll).keepJvmAlive();
	}

	SupervisedLoop loop() {
		return this.loop;
	}

	/**
	 * Tells whether the loop has ended and left no claim behind that may hold jobs which
	 * nobody here knows of.
	 * @return whether it has
	 */
	boolean isAtRest() {
		return !this.loop.condition().alive() && this.doubtful == null;
	}

	/**
	 * Hears that a lane has received ready jobs.
	 * @param lane the lane
	 */
	void ready(Lane lane) {
		if (this.settings.queues().containsKey(lane.queue())) {
			this.lanes.add(lane);
			this.loop.wake();
		}
	}

	Duration poll() {
		if (!this.heartbeat.current().isLeased()) {
			return WITHOUT_LEASE;
		}
		if (free() <= 0) {
			return this.settings.pollInterval();
		}
		settleDoubt();
		// Read once: the heartbeat may change it at any time.
		WorkerIdentity identity = this.heartbeat.current();
		List<String> queues = this.selection.next().stream().filter((queue) -> this.slots.free(queue) > 0).toList();
		refreshLanes(queues);
		boolean sweep = this.sweeps.allows();
		ClaimRequest request = request(identity, queues, sweep);
		boolean forSuspects = this.dispatcher.quarantine().isActive();
		if (request.demands().isEmpty()) {
			this.dispatcher.quarantine().leave();
			return forSuspects ? Duration.ZERO : untilRefresh();
		}
		List<ClaimedJob> claimed = claim(request, identity, sweep);
		boolean full = claimed.size() >= wanted(request);
		if (full || forSuspects) {
			return Duration.ZERO;
		}
		// A short claim from the bounds does not mean that the lanes are empty.
		return sweep ? untilRefresh() : soonest(untilRefresh(), this.sweeps.untilAllowed());
	}

	private List<ClaimedJob> claim(ClaimRequest request, WorkerIdentity identity, boolean sweep) {
		long start = System.nanoTime();
		this.doubtful = request;
		List<ClaimedJob> claimed = this.store.claim(request);
		this.doubtful = null;
		if (sweep) {
			this.sweeps.spent(System.nanoTime() - start);
		}
		claimed.forEach((job) -> this.lanes.claimed(job.lane(), job.position()));
		this.dispatcher.dispatch(claimed, identity);
		return claimed;
	}

	// A claim failed: it may have been committed all the same, and hold jobs that nobody
	// here knows of. They are freed; should it be committed only later, recovery frees
	// them, for what is claimed from now on is claimed under another identity.
	private void settleDoubt() {
		ClaimRequest request = this.doubtful;
		if (request != null) {
			this.lanes.forgetBounds();
			if (this.heartbeat.current().id() == request.worker()) {
				this.heartbeat.rotate();
			}
			this.store.release(request.worker(), request.claim());
			this.doubtful = null;
		}
	}

	private ClaimRequest request(WorkerIdentity identity, List<String> queues, boolean sweep) {
		List<QueueDemand> demands = new ArrayList<>();
		for (String queue : queues) {
			List<LaneStart> starts = starts(queue, sweep);
			int free = this.slots.free(queue);
			if (!starts.isEmpty() && free > 0) {
				demands.add(new QueueDemand(queue, free, starts));
			}
		}
		return new ClaimRequest(identity.id(), ++this.claims, this.names, demands, free());
	}

	// A node that has emptied itself for suspects asks for nothing else, or other lanes
	// would keep it from ever meeting them.
	private List<LaneStart> starts(String queue, boolean sweep) {
		Quarantine quarantine = this.dispatcher.quarantine();
		return quarantine.isActive() ? quarantine.starts(queue) : this.lanes.starts(queue, sweep);
	}

	private int free() {
		return Math.min(this.slots.free(), this.dispatcher.quarantine().allowance());
	}

	private static int wanted(ClaimRequest request) {
		return Math.min(request.limit(), request.demands().stream().mapToInt(QueueDemand::limit).sum());
	}

	private void refreshLanes(List<String> queues) {
		if (System.nanoTime() - this.nextRefresh >= 0) {
			this.nextRefresh = System.nanoTime() + this.settings.pollInterval().toNanos();
			// All queues, not only those with free slots: it is one statement either way.
			List<String> all = List.copyOf(this.settings.queues().keySet());
			this.lanes.refresh(all, (names) -> this.store.lanes(QueueScope.of(names)));
		}
	}

	private static Duration soonest(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	private Duration untilRefresh() {
		return Duration.ofNanos(Math.max(1, this.nextRefresh - System.nanoTime()));
	}

}
