package io.jobstarter.worker;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

import io.jobstarter.DueTime;
import io.jobstarter.JobOutcome;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.ClaimedJob;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Takes claimed jobs and starts their bodies.
 */
final class Dispatcher {

	private static final Log logger = LogFactory.getLog(Dispatcher.class);

	private final HandlerRegistry registry;

	private final Executor executor;

	private final JobRunner runner;

	private final RunningJobs running;

	private final Slots slots;

	private final Settler settler;

	private final WorkerSettings settings;

	private final Quarantine quarantine;

	private volatile boolean stopping;

	Dispatcher(HandlerRegistry registry, Executor executor, JobRunner runner, RunningJobs running, Slots slots,
			Settler settler, WorkerSettings settings) {
		this.registry = registry;
		this.executor = executor;
		this.runner = runner;
		this.running = running;
		this.slots = slots;
		this.settler = settler;
		this.settings = settings;
		this.quarantine = new Quarantine(running, settings.lease(), this::start);
	}

	Quarantine quarantine() {
		return this.quarantine;
	}

	void dispatch(List<ClaimedJob> jobs, WorkerIdentity identity) {
		for (ClaimedJob claimed : jobs) {
			Optional<JobDefinition> definition = this.registry.byName(claimed.name());
			// Only known names are claimed.
			definition.ifPresent((known) -> dispatch(new RunningJob(claimed, identity, known)));
		}
	}

	/**
	 * Starts nothing any more: what is dispatched from now on is given back.
	 */
	void refuse() {
		this.stopping = true;
	}

	/**
	 * Gives back what waits to start. To be called once nobody dispatches any more.
	 */
	void giveBackWaiting() {
		this.quarantine.abandon().forEach(this::giveBack);
	}

	private void dispatch(RunningJob job) {
		this.slots.take(job.queue());
		job.identity().jobTaken();
		if (this.stopping) {
			giveBack(job);
		}
		else if (this.running.contains(job.claimed().id())) {
			// Its older body, which lost its lease, still runs here: no copy starts
			// beside
			// it.
			this.settler.settle(job, new JobOutcome.Snoozed(new DueTime.In(this.settings.heartbeat())));
		}
		else if (Quarantine.suspects(job)) {
			this.quarantine.admit(job);
		}
		else {
			start(job);
		}
	}

	private void start(RunningJob job) {
		this.running.add(job);
		try {
			this.executor.execute(() -> this.runner.run(job));
		}
		catch (Throwable ex) {
			logger.warn("No thread for job " + job.claimed().id() + ": it is given back", ex);
			this.running.remove(job);
			giveBack(job);
		}
	}

	private void giveBack(RunningJob job) {
		this.settler.settle(job, new JobOutcome.Returned("it had not started"));
	}

}
