package io.jobstarter.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import io.jobstarter.DueTime;
import io.jobstarter.JobOutcome;
import io.jobstarter.handler.HandlerRegistry;
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
		this.quarantine = new Quarantine(running, settings.lease());
	}

	Quarantine quarantine() {
		return this.quarantine;
	}

	/**
	 * Starts nothing any more: what is dispatched from now on is given back.
	 */
	void refuse() {
		this.stopping = true;
	}

	boolean refuses() {
		return this.stopping;
	}

	void dispatch(List<ClaimedJob> claimed, WorkerIdentity identity) {
		List<RunningJob> jobs = take(claimed, identity);
		List<RunningJob> suspects = jobs.stream().filter(Quarantine::suspects).toList();
		if (suspects.isEmpty()) {
			this.quarantine.leave();
		}
		else if (jobs.size() > 1 || this.stopping || !this.quarantine.admit(suspects.get(0))) {
			this.quarantine.enter(suspects);
			// Before anything starts that may end the process.
			this.settler.settleNow(suspects, new JobOutcome.Returned("it has to run alone"));
			jobs = jobs.stream().filter((job) -> !Quarantine.suspects(job)).toList();
		}
		jobs.forEach(this::dispatch);
	}

	private List<RunningJob> take(List<ClaimedJob> claimed, WorkerIdentity identity) {
		List<RunningJob> jobs = new ArrayList<>(claimed.size());
		for (ClaimedJob job : claimed) {
			// Only known names are claimed.
			this.registry.byName(job.name()).ifPresent((known) -> {
				this.slots.take(job.lane().queue());
				identity.jobTaken();
				jobs.add(new RunningJob(job, identity, known));
			});
		}
		return jobs;
	}

	private void dispatch(RunningJob job) {
		// A claim that took too long: the worker may have been declared dead meanwhile.
		if (this.stopping || !job.identity().isLeased()) {
			giveBack(job);
		}
		else if (this.running.contains(job.claimed().id())) {
			// Its older body, which lost its lease, still runs here: no copy starts
			// beside
			// it.
			snooze(job);
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
			logger.warn("No thread for job " + job.claimed().id() + ": it runs later", ex);
			this.running.remove(job);
			// Not given back at once: this node would claim it again without a pause.
			snooze(job);
		}
	}

	private void snooze(RunningJob job) {
		this.settler.settle(job, new JobOutcome.Snoozed(new DueTime.In(this.settings.heartbeat())));
	}

	private void giveBack(RunningJob job) {
		this.settler.settle(job, new JobOutcome.Returned("it had not started"));
	}

}
