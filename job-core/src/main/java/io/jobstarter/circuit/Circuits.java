package io.jobstarter.circuit;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

import io.jobstarter.BreakerEvent;
import io.jobstarter.BreakerState;
import io.jobstarter.execution.JobPermits;
import io.jobstarter.execution.Permission;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.BreakerChange;
import io.jobstarter.store.BreakerRow;
import io.jobstarter.store.BreakerStore;
import io.jobstarter.store.BreakerStore.Change;
import io.jobstarter.store.BreakerStore.Probe;
import io.jobstarter.store.BreakerStore.ProbeRequest;
import io.jobstarter.store.BreakerStore.Release;
import io.jobstarter.store.BreakerStore.Snapshot;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.KeyTerms;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.LoggedError;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.support.SupervisedLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the circuit breakers of this node in step with the fleet: tells it when one
 * turns, follows what it says, and releases jobs that need not wait any more. Asks the
 * database nothing while all breakers are closed and nothing waits. No attempt waits for
 * any of it.
 */
public final class Circuits implements JobPermits {

	private static final Log logger = LogFactory.getLog(Circuits.class);

	private static final int MAX_SHOWN = 500;

	private static final Duration MAX_BACKOFF = Duration.ofSeconds(2);

	private static final Duration STOP = Duration.ofSeconds(5);

	private static final Duration IDLE = Duration.ofMinutes(10);

	/** How often the fleet is asked while a breaker is not closed. */
	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/** Few enough that little is parked again if the breaker opens at once. */
	private static final int RELEASED_AT_ONCE = 500;

	/** Each is a transaction of the poller. */
	private static final int PROBED_AT_ONCE = 20;

	private static final Duration BETWEEN_RELEASES = Duration.ofMillis(250);

	private final BreakerStore store;

	private final FleetBreakers breakers;

	private final WakeUp wakeUp;

	private final SafeEvents events;

	private final String node;

	private final SupervisedLoop loop = new SupervisedLoop("background-jobs-circuits", MAX_BACKOFF, this::step);

	private volatile boolean stale = true;

	private volatile Snapshot snapshot = Snapshot.QUIET;

	private volatile boolean heard;

	private volatile @Nullable Runnable whenProbesAreDue;

	/**
	 * Makes them.
	 * @param locals makes the breakers of this node
	 * @param instances the instances that handlers of this node name
	 * @param store the breakers of the fleet
	 * @param wakeUp is told of jobs that were released, and of changes
	 * @param events hears of what this node changes
	 * @param node who this node is, for people
	 */
	public Circuits(LocalBreakers locals, Set<String> instances, BreakerStore store, WakeUp wakeUp, SafeEvents events,
			String node) {
		this.store = store;
		this.breakers = new FleetBreakers(locals, instances, this.loop::wake);
		this.wakeUp = wakeUp;
		this.events = events;
		this.node = node;
		this.heard = instances.isEmpty();
	}

	@Override
	public Permission ask(JobDefinition definition, @Nullable Object payload) {
		String instance = definition.policies().circuitBreaker();
		return (instance == null) ? Permission.UNLIMITED
				: this.breakers.get(instance, BreakerNames.of(instance, definition, payload)).ask(definition);
	}

	/**
	 * Starts to follow the fleet.
	 * @param whenProbesAreDue is run when a breaker may be probed: whoever claims then
	 * asks {@link #wishes}
	 */
	public void start(Runnable whenProbesAreDue) {
		this.whenProbesAreDue = whenProbesAreDue;
		this.stale = true;
		this.loop.start();
	}

	/**
	 * Stops to follow the fleet, after a last word.
	 */
	public void stop() {
		this.loop.requestStop();
		if (!this.loop.awaitStop(STOP)) {
			return;
		}
		try {
			tellNews();
		}
		catch (RuntimeException ex) {
			logger.debug("The fleet could not be told what turned at the end", LoggedError.of(ex));
		}
	}

	/**
	 * Tells how the thread does.
	 * @return its condition
	 */
	public SupervisedLoop.Condition condition() {
		return this.loop.condition();
	}

	/**
	 * Hears that somebody has changed a breaker.
	 */
	public void changed() {
		this.stale = true;
		this.loop.wake();
	}

	/**
	 * Hears what a look at the database has seen.
	 * @param busy whether a breaker is not closed, or a job is blocked
	 */
	public void seen(boolean busy) {
		if (busy == this.snapshot.isQuiet()) {
			changed();
		}
	}

	/**
	 * Makes sure that this node has heard of the fleet's breakers, which it does not wait
	 * for otherwise: a node that has just started would run jobs of a breaker that is
	 * open.
	 */
	public void beforeClaiming() {
		if (!this.heard) {
			read();
		}
	}

	/**
	 * Hears that jobs were claimed which had come back, as those do that waited for a
	 * breaker. If this node believes that one is open, it asks at once whether that still
	 * holds: it would park again, and so put behind all others, what another node has
	 * released.
	 */
	public void cameBack() {
		if (!this.breakers.holdBack()) {
			return;
		}
		try {
			read();
		}
		catch (RuntimeException ex) {
			logger.debug("It cannot be told whether circuit breakers have closed", LoggedError.of(ex));
			this.stale = true;
		}
	}

	private Duration step() {
		tellNews();
		if (!this.stale && this.snapshot.isQuiet()) {
			return IDLE;
		}
		this.stale = false;
		try {
			read();
			leaveToOthers();
		}
		catch (RuntimeException ex) {
			this.stale = true;
			throw ex;
		}
		boolean more = release();
		Duration untilProbes = this.breakers.untilProbes();
		Runnable due = this.whenProbesAreDue;
		if (due != null && !this.snapshot.parked().isEmpty()) {
			due.run();
		}
		return this.snapshot.isQuiet() ? IDLE : more ? BETWEEN_RELEASES : nextRead(untilProbes);
	}

	private static Duration nextRead(Duration untilProbes) {
		return (untilProbes.compareTo(Duration.ZERO) > 0 && untilProbes.compareTo(INTERVAL) < 0) ? untilProbes
				: INTERVAL;
	}

	private synchronized void read() {
		long asked = System.nanoTime();
		Snapshot read = this.store.read();
		this.snapshot = read;
		this.breakers.follow(read, asked);
		this.heard = true;
	}

	private void tellNews() {
		for (FleetBreaker breaker : this.breakers.all()) {
			FleetBreaker.News news = breaker.news();
			if (news != null) {
				tell(breaker, news);
			}
		}
	}

	private void tell(FleetBreaker breaker, FleetBreaker.News news) {
		BreakerChange change = changeOf(breaker, news);
		Change result = (news.decidedOn() != null) ? this.store.change(change, news.decidedOn().generation())
				: this.store.open(change, Duration.ofNanos(System.nanoTime() - news.at()));
		breaker.overruled(news, result.row(), this.breakers.worker());
		this.stale = true;
		if (result.made()) {
			publish(change);
			this.wakeUp.circuitsChanged();
		}
	}

	private BreakerChange changeOf(FleetBreaker breaker, FleetBreaker.News news) {
		if (news.to() == BreakerState.CLOSED) {
			return BreakerChange.close(breaker.name(), this.node);
		}
		int openings = (news.decidedOn() != null) ? news.decidedOn().openings() + 1 : 1;
		return BreakerChange.open(breaker.name(), openings, breaker.local().waitAfter(openings), news.reason(),
				this.node);
	}

	private void publish(BreakerChange change) {
		if (change.state() == BreakerState.CLOSED) {
			logger.info("Circuit breaker " + change.name() + " has closed: what waits for it is released");
			this.events.publish(new BreakerEvent.Closed(change.name()));
			return;
		}
		Duration delay = change.delay();
		String reason = change.reason();
		if (delay != null && reason != null) {
			logger.warn("Circuit breaker " + change.name() + " is open for " + delay + " on all nodes: "
					+ CleanText.printable(reason, MAX_SHOWN));
			this.events.publish(new BreakerEvent.Opened(change.name(), reason, delay, change.openings()));
		}
	}

	// One that probes nothing, but lives, would keep all others from probing for ever.
	private void leaveToOthers() {
		Set<String> parked = this.snapshot.parked();
		for (FleetBreaker breaker : this.breakers.all()) {
			BreakerRow row = breaker.row();
			if (breaker.isIdleProber(parked.contains(breaker.name()), System.nanoTime())
					|| this.breakers.wasProbedBefore(row)) {
				Change left = this.store.change(BreakerChange.open(breaker.name(), row.openings(), Duration.ZERO,
						"its prober had no jobs to probe it with", this.node), row.generation());
				breaker.follow(left.row(), System.nanoTime(), this.breakers.worker());
				if (left.made()) {
					this.wakeUp.circuitsChanged();
				}
			}
		}
	}

	// Also what no row explains: parked by a node that had not heard yet, or before a
	// crash.
	private boolean release() {
		Snapshot read = this.snapshot;
		Set<String> waiting = new HashSet<>(read.parked());
		read.breakers().forEach((row) -> {
			if (!row.state().letsThrough()) {
				waiting.remove(row.name());
			}
		});
		boolean more = false;
		for (String name : waiting) {
			Release released = this.store.release(name, RELEASED_AT_ONCE);
			released.lanes().forEach(this.wakeUp::ready);
			more |= released.more();
		}
		return more;
	}

	/**
	 * Lists breakers that this node would probe now, if it has room: those first that it
	 * has not asked about for the longest time, and not so many that other jobs would
	 * have to wait for it.
	 * @param worker the id of its worker
	 * @return what it wishes for
	 */
	public List<Wish> wishes(long worker) {
		this.breakers.worker(worker);
		Set<String> parked = this.snapshot.parked();
		if (parked.isEmpty()) {
			return List.of();
		}
		long now = System.nanoTime();
		return parked.stream()
			.map(this.breakers::find)
			.filter(Objects::nonNull)
			.map((breaker) -> new Wish(breaker.name(), breaker.wantsProbes(worker), now - breaker.probedAt()))
			.filter((wish) -> wish.probes() > 0)
			.sorted(Comparator.comparingLong(Wish::nanosSince).reversed())
			.limit(PROBED_AT_ONCE)
			.toList();
	}

	/**
	 * Probes a breaker: becomes its prober, if nobody else is, and claims jobs that wait
	 * for it.
	 * @param wish what it wishes for
	 * @param worker the id of the worker
	 * @param claim the number of its claim
	 * @param names the names of the jobs that it can run
	 * @param queues the queues that it has room in
	 * @param limit how many jobs it may start
	 * @return the jobs, which the worker holds, and may start
	 */
	public List<ClaimedJob> probe(Wish wish, long worker, long claim, Set<String> names, Predicate<String> queues,
			int limit, KeyTerms terms) {
		FleetBreaker breaker = this.breakers.find(wish.breaker());
		if (breaker == null) {
			return List.of();
		}
		breaker.asksForProbes();
		Probe probe = this.store.probe(new ProbeRequest(wish.breaker(), worker, claim, names, queues,
				Math.min(limit, wish.probes()), this.node, terms));
		// Before the jobs ask for permission.
		breaker.follow(probe.row(), System.nanoTime(), worker);
		breaker.gotProbes(!probe.jobs().isEmpty());
		return probe.jobs();
	}

	/**
	 * A breaker that a node would probe.
	 *
	 * @param breaker its name
	 * @param probes how many jobs it would take
	 * @param nanosSince how long ago it asked for them before
	 */
	public record Wish(String breaker, int probes, long nanosSince) {
	}

}
