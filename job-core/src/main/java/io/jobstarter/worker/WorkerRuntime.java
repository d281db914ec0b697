package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;

import io.jobstarter.JobOutcome;
import io.jobstarter.circuit.Circuits;
import io.jobstarter.execution.AttemptContext.InterruptReason;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.KeyTerms;
import io.jobstarter.store.Lane;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.LoggedError;
import io.jobstarter.support.NetworkPatience;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.support.SupervisedLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a running worker, from its start to its stop.
 */
final class WorkerRuntime implements Settler.SettledListener {

	private static final int MAX_SHOWN = 500;

	private static final Log logger = LogFactory.getLog(WorkerRuntime.class);

	/** How long interrupted bodies may take to end when the node stops. */
	private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(3);

	/**
	 * How often a node that stops looks what is left, and gives back the slots of jobs
	 * that have ended.
	 */
	private static final Duration LOOK = Duration.ofMillis(250);

	private static final Duration LOOP_STOP = Duration.ofSeconds(5);

	/** How long a loop may take that is likely to wait for a database in vain. */
	private static final Duration LOOP_STOP_ALONE = Duration.ofMillis(500);

	private final WorkerSettings settings;

	private final WakeUp wakeUp;

	private final Circuits circuits;

	private final RunningJobs running = new RunningJobs();

	private final FleetSlots fleet;

	private final Slots slots;

	private final Heartbeat heartbeat;

	private final SupervisedLoop heartbeatLoop;

	private final SupervisedLoop watchdogLoop;

	private final Settler settler;

	private final Dispatcher dispatcher;

	private final Poller poller;

	private final NodeReport report;

	private volatile boolean lingering;

	private final ForgottenJobs forgotten;

	WorkerRuntime(WorkerSettings settings, WorkerDependencies dependencies, @Nullable String application,
			Runnable preparation) {
		ClaimStore claims = dependencies.claims();
		SafeEvents events = dependencies.events();
		JobExecution execution = dependencies.execution();
		HandlerRegistry registry = dependencies.registry();
		this.settings = settings;
		this.wakeUp = dependencies.wakeUp();
		this.circuits = dependencies.circuits();
		claims.announceTo(this.wakeUp);
		Prefetch prefetch = new Prefetch();
		this.fleet = new FleetSlots(dependencies.fleet(), settings, System::nanoTime);
		this.slots = new Slots(settings, prefetch, this.fleet);
		this.settler = new Settler(claims, settings, events, this.slots, this);
		TransactionalRunner transactional = new TransactionalRunner(execution, claims, this.settler,
				dependencies.transactionManager(), settings);
		JobRunner runner = new JobRunner(dependencies, transactional, this.settler);
		this.dispatcher = new Dispatcher(registry, dependencies.executor(), runner, this.running, this.slots, prefetch,
				this.settler, settings);
		this.report = new NodeReport(settings, registry.names(), application, this.slots, this.dispatcher,
				this.running);
		this.heartbeat = new Heartbeat(dependencies.workers(), claims, this.running, settings, this.report,
				this::leased);
		this.heartbeatLoop = new SupervisedLoop("background-jobs-heartbeat", settings.maxBackoff(),
				NetworkPatience.within(settings.heartbeatPatience(), this::beat));
		this.watchdogLoop = new SupervisedLoop("background-jobs-watchdog", settings.maxBackoff(),
				watching(new Watchdog(this.running, this.dispatcher, settings.warnAfter(), events,
						dependencies.context().logFields())));
		this.poller = new Poller(claims, registry.names(), new KeyTerms(registry.limits(), 0, registry.rates()),
				settings, this.heartbeat, this.slots, this.dispatcher, this.circuits, dependencies.rates(), this.fleet);
		this.poller.prepareBy(preparation);
		this.forgotten = new ForgottenJobs(claims, this.running, settings.lease());
	}

	// Beside each other, since both look at memory only.
	private SupervisedLoop.Step watching(Watchdog watchdog) {
		return () -> {
			if (this.slots.adapt(System.nanoTime())) {
				this.dispatcher.startNext();
				this.poller.loop().wake();
			}
			return watchdog.look();
		};
	}

	void start() {
		this.settler.loop().start();
		this.watchdogLoop.start();
		this.circuits.start(this.poller.loop()::wake);
		this.poller.loop().start();
		this.heartbeatLoop.start();
	}

	/**
	 * Looks for jobs that name this worker and that it does not know of. If there are any
	 * it goes on under another identity, and recovery frees them when the lease of the
	 * earlier one ends.
	 */
	void lookForForgotten() {
		long worker = this.heartbeat.current().id();
		if (this.forgotten.areThere(worker)) {
			this.poller.leave(worker);
		}
	}

	void ready(Lane lane) {
		this.poller.ready(lane);
	}

	void circuitsChanged() {
		this.circuits.changed();
	}

	void announced(boolean arrives) {
		this.poller.announced(arrives);
	}

	WorkerHealth health() {
		List<SupervisedLoop.Condition> loops = List.of(this.heartbeatLoop.condition(), this.poller.loop().condition(),
				this.settler.loop().condition(), this.watchdogLoop.condition(), this.circuits.condition());
		WorkerIdentity identity = this.heartbeat.current();
		return new WorkerHealth(identity.id(), identity.isLeased(), identity.leaseLeft(), loops, this.slots.limit(),
				this.report.usedByQueue(), this.slots.entries(), this.running.stuck(), this.poller.isAnnounced());
	}

	/**
	 * Stops without losing a job or using up an attempt: claims nothing more, gives back
	 * what has not started, waits for what runs, interrupts what is left and gives it
	 * back. What does not end even then stays with the lease. The heartbeat stops last,
	 * and goes on while such a body does.
	 * <p>
	 * A job that ends the node itself would do so wherever it runs. Then the node is not
	 * noted as stopping: to those who find what is left of it, it has crashed.
	 * @param stopper the thread that stops the node
	 */
	void stop(Thread stopper) {
		this.dispatcher.refuse();
		this.poller.loop().requestStop();
		this.poller.loop().awaitStop(loopStop());
		// What was being dispatched when it began to refuse.
		this.dispatcher.refuse();
		List<RunningJob> culprits = this.running.endingTheNode(stopper);
		if (culprits.isEmpty()) {
			noteStop();
		}
		culprits.forEach(WorkerRuntime::warnOfEnd);
		drain(stopper);
		this.settler.loop().requestStop();
		this.settler.loop().awaitStop(loopStop());
		this.circuits.stop();
		this.watchdogLoop.requestStop();
		if (this.running.size() > 0) {
			this.lingering = true;
			return;
		}
		this.heartbeatLoop.requestStop();
		this.heartbeatLoop.awaitStop(loopStop());
		// A claim that is still on its way may yet name the worker, whose row then tells
		// that it did not crash.
		if (this.poller.isAtRest() && isDatabaseThere()) {
			quietly("deregister", this.heartbeat::deregister);
		}
	}

	// Once all else has stopped, quietly: the process ends, and its connections first.
	private Duration beat() {
		if (!this.lingering) {
			return this.heartbeat.beat();
		}
		if (this.running.size() == 0) {
			this.heartbeatLoop.requestStop();
			return Duration.ZERO;
		}
		try {
			return this.heartbeat.beat();
		}
		catch (RuntimeException ex) {
			logger.debug("The lease is not renewed any more", LoggedError.of(ex));
			return this.settings.heartbeat();
		}
	}

	// With the next heartbeat, where the database is away: a node that stops without one
	// would wait for it several times.
	private void noteStop() {
		this.heartbeat.stopping();
		if (isDatabaseThere()) {
			quietly("note that it is stopping", this.heartbeat::markStopping);
		}
	}

	private boolean isDatabaseThere() {
		return this.heartbeatLoop.condition().failuresInARow() == 0;
	}

	private Duration loopStop() {
		return isDatabaseThere() ? LOOP_STOP : LOOP_STOP_ALONE;
	}

	private static void warnOfEnd(RunningJob job) {
		logger.warn("Job " + job.id() + " (" + job.name() + ") ends this node, which counts as a crash of the job");
	}

	private void drain(Thread stopper) {
		try {
			if (awaitIdle(this.settings.shutdownTimeout(), stopper)) {
				return;
			}
			List<RunningJob> culprits = this.running.endingTheNode(stopper);
			this.running.all()
				.stream()
				.filter((job) -> !culprits.contains(job))
				.forEach((job) -> job.interrupt(InterruptReason.SHUTDOWN));
			if (!awaitIdle(isDatabaseThere() ? INTERRUPT_GRACE : LOOP_STOP_ALONE, stopper)) {
				logger.warn(this.slots.held() + " jobs did not end in time: other nodes run them when this process "
						+ "has ended, and its lease of " + this.settings.lease());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	// What other nodes may run instead they do not wait for.
	private boolean awaitIdle(Duration timeout, Thread stopper) throws InterruptedException {
		long end = System.nanoTime() + timeout.toNanos();
		boolean handsOver = true;
		for (long left = timeout.toNanos(); left > 0; left = end - System.nanoTime()) {
			handsOver = handsOver && this.poller.isAtRest() && this.fleet.hasSlots() && gaveBack();
			if (this.slots.awaitIdle(Duration.ofNanos(Math.min(left, LOOK.toNanos()))) || waitsForCulprits(stopper)) {
				return true;
			}
		}
		return false;
	}

	// A body that ends the node waits for the node's end.
	private boolean waitsForCulprits(Thread stopper) {
		int left = this.slots.held();
		return left > 0 && left == this.running.endingTheNode(stopper).size();
	}

	private boolean gaveBack() {
		try {
			this.fleet.giveBack();
			return true;
		}
		catch (RuntimeException ex) {
			logger.warn("Slots that other nodes could use are given back when the worker deregisters: "
					+ CleanText.oneLine(ex, MAX_SHOWN));
			return false;
		}
	}

	@Override
	public void settled(RunningJob job, JobOutcome outcome) {
		this.dispatcher.quarantine().ended(job);
		if (outcome instanceof JobOutcome.Returned) {
			this.wakeUp.ready(job.frontLane());
		}
		else if (outcome instanceof JobOutcome.Retried || outcome instanceof JobOutcome.Snoozed) {
			this.wakeUp.scheduled();
		}
	}

	@Override
	public void written(RunningJob job, JobOutcome outcome) {
		this.report.settled(job.queue(), outcome);
	}

	@Override
	public void roomMade() {
		this.poller.loop().wake();
	}

	private void leased() {
		this.poller.loop().wake();
	}

	private static void quietly(String what, Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException ex) {
			logger.warn("The worker could not " + what + " while stopping: " + CleanText.oneLine(ex, MAX_SHOWN));
		}
	}

}
