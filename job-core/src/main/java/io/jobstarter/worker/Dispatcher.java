package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import io.jobstarter.DueTime;
import io.jobstarter.JobOutcome;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Takes claimed jobs and starts their bodies. A thread that has ended one takes the next
 * that waits, so that short jobs need no hand-over from thread to thread.
 */
final class Dispatcher {

	private static final Log logger = LogFactory.getLog(Dispatcher.class);

	private final HandlerRegistry registry;

	private final Executor executor;

	private final JobRunner runner;

	private final RunningJobs running;

	private final Slots slots;

	private final StartQueue waiting;

	private final Prefetch prefetch;

	private final ServedQueues served;

	private final Settler settler;

	private final WorkerSettings settings;

	private final Quarantine quarantine;

	private final FairUse fairUse = new FairUse(System::nanoTime);

	private final Reserves reserves;

	private volatile boolean stopping;

	Dispatcher(HandlerRegistry registry, Executor executor, JobRunner runner, RunningJobs running, Slots slots,
			Prefetch prefetch, Settler settler, WorkerSettings settings) {
		this.registry = registry;
		this.executor = executor;
		this.runner = runner;
		this.running = running;
		this.slots = slots;
		this.prefetch = prefetch;
		this.served = settings.served();
		this.reserves = new Reserves(settings, slots);
		this.waiting = new StartQueue(settings, slots, this.fairUse, this.reserves);
		this.settler = settler;
		this.settings = settings;
		this.quarantine = new Quarantine(running, settings.lease());
	}

	Quarantine quarantine() {
		return this.quarantine;
	}

	Reserves reserves() {
		return this.reserves;
	}

	FairUse fairUse() {
		return this.fairUse;
	}

	/**
	 * Starts nothing any more: what waits and what is dispatched from now on is given
	 * back.
	 */
	void refuse() {
		this.stopping = true;
		giveBackOlderThan(Duration.ZERO);
	}

	boolean refuses() {
		return this.stopping;
	}

	/**
	 * Takes what was claimed, and starts what there are slots for.
	 * @param claimed the jobs
	 * @param identity who claimed them
	 * @param tenure its tenure before it did
	 */
	void dispatch(List<ClaimedJob> claimed, WorkerIdentity identity, int tenure) {
		List<RunningJob> jobs = take(claimed, identity, tenure);
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
		jobs.forEach(this::accept);
		startNext();
	}

	/**
	 * Gives back what has waited for so long that other nodes had better run it.
	 */
	void giveBackStalled() {
		giveBackOlderThan(Prefetch.LONGEST_WAIT).forEach((job) -> this.prefetch.stalled(entryOf(job)));
	}

	private List<RunningJob> giveBackOlderThan(Duration longest) {
		List<RunningJob> given = this.waiting.takeOlderThan(longest);
		given.forEach((job) -> {
			this.running.remove(job);
			giveBack(job);
		});
		return given;
	}

	/**
	 * Lists what waits for a slot.
	 * @return how many jobs, by queue
	 */
	Map<String, Integer> waitingByQueue() {
		return this.waiting.sizeByQueue();
	}

	private List<RunningJob> take(List<ClaimedJob> claimed, WorkerIdentity identity, int tenure) {
		List<RunningJob> jobs = new ArrayList<>(claimed.size());
		for (ClaimedJob job : claimed) {
			// Only known names are claimed.
			this.registry.byName(job.name()).ifPresent((known) -> {
				this.slots.take(job.lane().queue());
				identity.jobTaken(job.lane().queue());
				if (job.isKeyed()) {
					this.served.entryOf(job.lane().queue()).ifPresent(this.prefetch::sawKeys);
				}
				jobs.add(new RunningJob(job, identity, tenure, known));
			});
		}
		return jobs;
	}

	private void accept(RunningJob job) {
		if (isTooLateFor(job)) {
			giveBack(job);
		}
		else if (this.running.contains(job.claimed().id())) {
			// Its older body, which lost its lease, still runs here: no copy starts
			// beside it.
			snooze(job, "an older attempt, which lost its lease, still runs on the node that claimed it");
		}
		else {
			this.running.add(job);
			this.waiting.add(job);
		}
	}

	// A claim that took too long: the worker may have been declared dead meanwhile.
	private boolean isTooLateFor(RunningJob job) {
		return this.stopping || !job.isHeld();
	}

	/**
	 * Starts the next job for which there is a slot. Its thread starts the one after it,
	 * and so on: where bodies are short, a few threads do all the work.
	 */
	void startNext() {
		RunningJob job = this.waiting.next();
		if (job != null) {
			start(job);
		}
	}

	private void start(RunningJob job) {
		try {
			this.executor.execute(() -> runFrom(job));
		}
		catch (Throwable ex) {
			this.running.remove(job);
			ended(job);
			// Not given back at once: this node would claim it again without a pause.
			snooze(job, "there was no thread for it");
			logger.warn("No thread for job " + job.claimed().id() + ": it runs later", LoggedError.of(ex));
		}
	}

	private void runFrom(RunningJob first) {
		try {
			startNext();
		}
		catch (Throwable ex) {
			// The watchdog does it.
			logger.error("No further job could be started", LoggedError.of(ex));
		}
		for (RunningJob job = first; job != null; job = this.waiting.next()) {
			try {
				run(job);
			}
			catch (Throwable ex) {
				logger.error("The outcome of job " + job.claimed().id() + " could not be handed on",
						LoggedError.of(ex));
			}
		}
	}

	private void run(RunningJob job) {
		Runnable settling = () -> giveBack(job);
		try {
			if (!isTooLateFor(job)) {
				if (this.slots.isElastic()) {
					this.slots.started(job.queue(), job.waited());
				}
				long start = System.nanoTime();
				settling = this.runner.run(job);
				this.prefetch.ran(entryOf(job), System.nanoTime() - start, job.claimed().payload().length());
			}
		}
		finally {
			// In this order: as soon as it is settled, this node may claim the job again.
			this.running.remove(job);
			ended(job);
			settling.run();
		}
	}

	private void ended(RunningJob job) {
		this.slots.ended(job.queue());
		this.fairUse.ended(job.claimed().lane());
		this.reserves.ended(job.claimed().lane());
	}

	private String entryOf(RunningJob job) {
		return this.served.entryOf(job.queue()).orElseThrow();
	}

	private void snooze(RunningJob job, String reason) {
		this.settler.settle(job, new JobOutcome.Snoozed(new DueTime.In(this.settings.heartbeat()), reason));
	}

	private void giveBack(RunningJob job) {
		this.settler.settle(job, new JobOutcome.Returned("it had not started"));
	}

}
