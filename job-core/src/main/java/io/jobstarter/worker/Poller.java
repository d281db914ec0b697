package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.jobstarter.circuit.Circuits;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.ClaimedJob.Fence;
import io.jobstarter.store.KeyTerms;
import io.jobstarter.store.Lane;
import io.jobstarter.support.LoggedError;
import io.jobstarter.support.NetworkPatience;
import io.jobstarter.support.SupervisedLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Claims jobs for the slots of the node, and some ahead if they are short: when one
 * becomes free, when something is announced, and from time to time in any case.
 */
final class Poller {

	private static final Log logger = LogFactory.getLog(Poller.class);

	/** A claim of that size needs not wait for more. */
	private static final int LARGE = 100;

	private static final Duration WITHOUT_LEASE = Duration.ofMillis(500);

	private final ClaimStore store;

	private final Set<String> names;

	/** What this process says of keys. */
	private final KeyTerms terms;

	private final WorkerSettings settings;

	private final Heartbeat heartbeat;

	private final Slots slots;

	private final Dispatcher dispatcher;

	private final ServedQueues served;

	private final QueueSelection selection;

	private final FairUse fairUse;

	private final LaneBounds bounds = new LaneBounds(System::nanoTime);

	private final Pace pace = new Pace(LARGE);

	private final SupervisedLoop loop;

	private final Lookout lookout;

	private final ClaimFences fences;

	private final Circuits circuits;

	private final QueueRates rates;

	private final FleetSlots fleet;

	private Runnable preparation = () -> {
	};

	Poller(ClaimStore store, Set<String> names, KeyTerms terms, WorkerSettings settings, Heartbeat heartbeat,
			Slots slots, Dispatcher dispatcher, Circuits circuits, QueueRates rates, FleetSlots fleet) {
		this.store = store;
		this.names = names;
		this.terms = terms;
		this.settings = settings;
		this.heartbeat = heartbeat;
		this.slots = slots;
		this.dispatcher = dispatcher;
		this.circuits = circuits;
		this.rates = rates;
		this.fleet = fleet;
		this.fairUse = dispatcher.fairUse();
		this.served = settings.served();
		this.selection = new QueueSelection(settings);
		this.lookout = new Lookout(store, settings, slots, dispatcher, circuits, fleet, this.bounds);
		this.fences = new ClaimFences(store, heartbeat, fleet);
		this.loop = new SupervisedLoop("background-jobs-poller", settings.maxBackoff(),
				NetworkPatience.within(settings.patience(), this::poll))
			.keepJvmAlive();
	}

	/**
	 * Sets what is done before the first job is claimed. If it fails, jobs are claimed
	 * all the same.
	 * @param preparation run once, in this loop's thread, when the node has a lease
	 */
	void prepareBy(Runnable preparation) {
		this.preparation = preparation;
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
		return !this.loop.condition().alive() && !this.fences.areInDoubt();
	}

	/**
	 * Hears that a lane has received ready jobs.
	 * @param lane the lane
	 */
	void ready(Lane lane) {
		if (this.served.serves(lane.queue())) {
			this.lookout.ready(lane);
			if (this.slots.isElastic()) {
				this.slots.more(lane.queue(), true);
			}
			this.fairUse.announced(lane);
			this.loop.wake();
		}
	}

	/**
	 * Hears whether what other nodes announce arrives from now on. What was announced
	 * before may have been lost.
	 * @param arrives whether it does
	 */
	void announced(boolean arrives) {
		this.lookout.announced(arrives);
		this.loop.wake();
	}

	boolean isAnnounced() {
		return this.lookout.isAnnounced();
	}

	Duration poll() {
		if (!this.heartbeat.current().isLeased()) {
			return WITHOUT_LEASE;
		}
		prepare();
		if (this.fences.settleDoubt()) {
			this.bounds.forget();
		}
		this.fences.goOnAsAnother();
		this.pace.await();
		this.lookout.look();
		Duration untilSync = this.fleet.sync(this.heartbeat.current(), this.lookout.queues(), this.slots::roomOnNode);
		return soonest(claimWhatThereIs(), untilSync);
	}

	private void prepare() {
		Runnable once = this.preparation;
		this.preparation = () -> {
		};
		try {
			once.run();
		}
		catch (RuntimeException ex) {
			logger.debug("The preparation of the first claim failed", LoggedError.of(ex));
		}
	}

	private Duration claimWhatThereIs() {
		if (room() <= 0 && !mayWelcome()) {
			return this.settings.pollInterval();
		}
		if (this.dispatcher.quarantine().isActive()) {
			return claimSuspects();
		}
		this.circuits.beforeClaiming();
		probe();
		return claimRound();
	}

	// Not where suspects have the node to themselves: to ask for them in vain would be to
	// ask without a pause.
	private boolean mayWelcome() {
		return this.fairUse.hasNewcomers() && !this.dispatcher.quarantine().reservesSlots();
	}

	// What waits for a circuit breaker that may be probed is claimed directly: made
	// ready, it would be parked again by whichever node claims it.
	private void probe() {
		WorkerIdentity identity = this.heartbeat.current();
		for (Circuits.Wish wish : this.circuits.wishes(identity.id())) {
			if (room() <= 0 || !identity.isLeased() || this.dispatcher.refuses()) {
				return;
			}
			int tenure = identity.tenure();
			Fence fence = this.fences.next(identity);
			this.fences.sent(fence);
			List<ClaimedJob> probes = this.circuits.probe(wish, fence.worker(), fence.claim(), this.names, probeable(),
					room(), terms());
			this.fences.answered();
			this.dispatcher.dispatch(probes, identity, tenure);
			countUnasked(probes);
		}
	}

	// Of what is bounded over all nodes, no more than there are slots for.
	private Predicate<String> probeable() {
		Map<List<String>, Integer> taken = new HashMap<>();
		return (queue) -> {
			if (!this.served.serves(queue) || this.slots.claimable(queue) <= 0) {
				return false;
			}
			List<String> bounds = this.fleet.boundsOf(queue);
			return bounds.isEmpty() || taken.merge(bounds, 1, Integer::sum) <= this.fleet.left(queue);
		};
	}

	// They wait for no permit of a rate: a breaker that cannot be probed stays open, and
	// a suspect that was given back has used one up already. What is claimed later makes
	// up for them.
	private void countUnasked(List<ClaimedJob> claimed) {
		claimed.stream()
			.map((job) -> this.served.entryOf(job.lane().queue()).orElseThrow())
			.filter(this.rates::limits)
			.collect(Collectors.groupingBy(Function.identity(), Collectors.summingInt((job) -> 1)))
			.forEach(this.rates::started);
	}

	// A node that has emptied itself for suspects asks for nothing else, or other lanes
	// would keep it from ever meeting them.
	private Duration claimSuspects() {
		Quarantine quarantine = this.dispatcher.quarantine();
		ClaimRound.Ask ask = round(quarantine.queues(), quarantine::starts, QueueRates.NONE).next();
		if (ask == null && this.slots.holdsMoreThanRuns()) {
			// Slots of theirs are free as soon as outcomes are written.
			return this.settings.pollInterval();
		}
		if (ask == null) {
			quarantine.leave();
		}
		else {
			claim(ask, QueueRates.NONE);
		}
		return Duration.ZERO;
	}

	private Duration claimRound() {
		this.bounds.beginRound();
		this.rates.beginRound();
		ClaimRound round = round(this.lookout.queues(), this.lookout.startsFrom(this.bounds::from), this.rates);
		long spent = 0;
		for (ClaimRound.Ask ask = round.next(); ask != null; ask = round.next()) {
			if (!this.heartbeat.current().isLeased() || this.dispatcher.refuses()) {
				return Duration.ZERO;
			}
			long start = System.nanoTime();
			boolean full = claim(ask, this.rates);
			spent += System.nanoTime() - start;
			this.bounds.spent(spent);
			if (full || this.dispatcher.quarantine().isActive()) {
				return Duration.ZERO;
			}
		}
		this.fairUse.welcomed();
		// A short claim from the bounds does not mean that the lanes are empty.
		Duration next = (spent == 0) ? this.lookout.untilNext()
				: soonest(this.lookout.untilNext(), this.bounds.untilDeeperSweep());
		return this.rates.wait(next);
	}

	private ClaimRound round(List<String> queues, Function<String, List<LaneStart>> starts, QueueRates rates) {
		return new ClaimRound(this.served, this.slots, rates, this.selection.order(queues), starts, this.fairUse,
				this.dispatcher.reserves());
	}

	// Tells whether to ask again at once: it got all that it asked for, or met jobs that
	// wait for keys from now on, behind which there are others.
	private boolean claim(ClaimRound.Ask ask, QueueRates rates) {
		// Read once: the heartbeat may change it at any time.
		WorkerIdentity identity = this.heartbeat.current();
		int tenure = identity.tenure();
		ClaimRequest request = request(identity, ask);
		if (request.limit() <= 0) {
			// Since the question was put, jobs have turned out to take longer.
			return false;
		}
		this.fences.sent(new Fence(request.worker(), request.claim()));
		long start = System.nanoTime();
		Claimed taken = rates.claim(this.store, request, ask.entry());
		List<ClaimedJob> claimed = taken.jobs();
		this.fences.answered();
		this.pace.ended(start, claimed.size() + taken.blocked());
		if (!claimed.isEmpty()) {
			this.lookout.sawJobs();
		}
		claimed.forEach((job) -> this.bounds.claimed(job.lane(), job.position()));
		if (claimed.stream().anyMatch((job) -> job.lane().front())) {
			this.circuits.cameBack();
		}
		this.dispatcher.dispatch(claimed, identity, tenure);
		if (rates != this.rates) {
			countUnasked(claimed);
		}
		this.fleet.claimed(ask.demands().get(0).queue());
		if (request.limit() > request.terms().startable() && claimed.stream().anyMatch(ClaimedJob::isKeyed)) {
			expectReturned(request);
		}
		boolean full = isMoreOf(request, taken) || taken.blocked() > 0 || claimed.size() >= wanted(request);
		if (this.slots.isElastic()) {
			ask.demands().forEach((demand) -> this.slots.more(demand.queue(), full));
		}
		return full;
	}

	// Jobs with keys for which there were no slots have gone to the front.
	private void expectReturned(ClaimRequest request) {
		for (QueueDemand demand : request.demands()) {
			demand.lanes()
				.stream()
				.map(LaneStart::lane)
				.forEach((lane) -> this.lookout.ready(new Lane(lane.queue(), lane.priority(), true, lane.share())));
		}
	}

	// Of a share that has given all that was asked of it there may be more, while others
	// have less than their part.
	private boolean isMoreOf(ClaimRequest request, Claimed taken) {
		QueueDemand first = request.demands().get(0);
		if (!this.fairUse.isShared(first.queue())) {
			return false;
		}
		boolean full = taken.blocked() > 0 || taken.jobs().size() >= request.limit();
		Map<Integer, Integer> byShare = new HashMap<>();
		taken.jobs().forEach((job) -> byShare.merge(job.lane().share(), 1, Integer::sum));
		boolean more = false;
		for (QueueDemand demand : request.demands()) {
			more |= this.fairUse.asked(demand, byShare.getOrDefault(demand.share(), 0), full);
		}
		return more;
	}

	/**
	 * Hears that jobs name a worker which that does not know of: what is claimed from now
	 * on is claimed under another identity.
	 * @param worker the worker
	 */
	void leave(long worker) {
		this.fences.leave(worker);
		this.loop.wake();
	}

	private ClaimRequest request(WorkerIdentity identity, ClaimRound.Ask ask) {
		Fence fence = this.fences.next(identity);
		return new ClaimRequest(fence.worker(), fence.claim(), this.names, ask.demands(),
				Math.min(ask.limit(), ask.beyond() ? this.dispatcher.quarantine().allowance() : room()), terms(),
				this.fleet.bounds(identity, ask.demands().get(0).queue()));
	}

	private KeyTerms terms() {
		return this.terms.withStartable(this.slots.limit());
	}

	private int room() {
		return Math.min(this.slots.claimable(), this.dispatcher.quarantine().allowance());
	}

	private static int wanted(ClaimRequest request) {
		return Math.min(request.limit(), request.demands().stream().mapToInt(QueueDemand::limit).sum());
	}

	private static Duration soonest(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
