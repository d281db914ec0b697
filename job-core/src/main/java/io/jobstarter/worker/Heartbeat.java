package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.jobstarter.WorkerReport;
import io.jobstarter.execution.AttemptContext.InterruptReason;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimStore.Held;
import io.jobstarter.store.WorkerStore;
import io.jobstarter.store.WorkerStore.Renewal;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the node's lease, and learns which of its jobs it has lost or is to cancel.
 * <p>
 * A node has one current identity. One that was declared dead is given up: its bodies are
 * interrupted, and their outcomes will meet no row. One that may hold jobs which the node
 * does not know of, because the reply to a claim was lost, is retired: it is renewed
 * until the jobs that the node does know of are settled, and then left to recovery.
 */
final class Heartbeat {

	private static final Log logger = LogFactory.getLog(Heartbeat.class);

	private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

	private final WorkerStore workers;

	private final ClaimStore claims;

	private final RunningJobs running;

	private final WorkerSettings settings;

	private final NodeReport report;

	private final Runnable onLease;

	private final List<WorkerIdentity> retired = new CopyOnWriteArrayList<>();

	private volatile WorkerIdentity current;

	private long nextRenewal = System.nanoTime();

	private boolean registered;

	private boolean warnedOfReport;

	private volatile boolean stopping;

	Heartbeat(WorkerStore workers, ClaimStore claims, RunningJobs running, WorkerSettings settings, NodeReport report,
			Runnable onLease) {
		this.workers = workers;
		this.claims = claims;
		this.running = running;
		this.settings = settings;
		this.report = report;
		this.onLease = onLease;
		this.current = WorkerIdentity.draw(settings.lease());
	}

	WorkerIdentity current() {
		return this.current;
	}

	/**
	 * Does one round: renews the lease if it is time to, and looks after the running
	 * jobs.
	 * @return how long to wait before the next
	 */
	synchronized Duration beat() {
		if (System.nanoTime() - this.nextRenewal >= 0) {
			long sentAt = System.nanoTime();
			renewCurrent();
			this.retired.forEach(this::renewRetired);
			if (this.stopping) {
				// Again: the first time the database may have been away.
				writeStopping();
			}
			this.nextRenewal = sentAt + this.settings.heartbeat().toNanos();
		}
		checkRunning();
		Duration untilRenewal = Duration.ofNanos(Math.max(1, this.nextRenewal - System.nanoTime()));
		return (untilRenewal.compareTo(CHECK_INTERVAL) < 0) ? untilRenewal : CHECK_INTERVAL;
	}

	/**
	 * Takes a new identity for what is claimed from now on, and registers it.
	 */
	synchronized void rotate() {
		WorkerIdentity fresh = WorkerIdentity.draw(this.settings.lease());
		register(fresh);
		logger.info("Worker " + this.current.id() + " goes on as " + fresh.id()
				+ ", since the reply to one of its claims was lost");
		this.retired.add(this.current);
		this.current = fresh;
	}

	/**
	 * Removes the node's identity unless a job names it. Those that are retired go when
	 * their leases end: a claim of theirs may still be on its way.
	 */
	void deregister() {
		this.workers.deregister(this.current.id());
	}

	/**
	 * Notes that the node is stopping.
	 */
	void markStopping() {
		this.stopping = true;
		writeStopping();
	}

	private void writeStopping() {
		this.workers.markStopping(this.current.id());
		this.retired.forEach((identity) -> this.workers.markStopping(identity.id()));
	}

	private void renewCurrent() {
		boolean wasLeased = this.registered && this.current.isLeased();
		if (!this.registered) {
			// The lease begins when it is renewed, below: that beats the pulse, also for
			// a
			// node that does not live for another heartbeat.
			this.workers.register(this.report.row(this.current), this.settings.lease());
			this.registered = true;
		}
		if (!renew(this.current)) {
			giveUp(this.current);
			WorkerIdentity fresh = WorkerIdentity.draw(this.settings.lease());
			register(fresh);
			this.current = fresh;
		}
		if (!wasLeased) {
			this.onLease.run();
		}
	}

	// Its row stays until the lease ends: should its lost claim be committed even now,
	// recovery frees what it holds and counts no crash.
	private void renewRetired(WorkerIdentity identity) {
		if (identity.holdsNothing()) {
			this.workers.markStopping(identity.id());
			this.retired.remove(identity);
		}
		else if (!renew(identity)) {
			giveUp(identity);
			this.retired.remove(identity);
		}
	}

	private boolean renew(WorkerIdentity identity) {
		long sentAt = System.nanoTime();
		Renewal renewal = this.workers.renew(identity.id(), this.settings.lease(), this.settings.heartbeat(),
				report(identity));
		switch (renewal) {
			case RENEWED -> identity.renewed(sentAt);
			case MISSING -> {
				identity.forgotten();
				register(identity);
			}
			case DEAD -> {
				return false;
			}
		}
		return true;
	}

	// It is for people: whatever is wrong with it, the lease is renewed.
	private @Nullable WorkerReport report(WorkerIdentity identity) {
		try {
			return (identity == this.current) ? this.report.report(this.stopping) : NodeReport.retired();
		}
		catch (RuntimeException ex) {
			if (!this.warnedOfReport) {
				this.warnedOfReport = true;
				logger.warn("This node cannot tell what it is doing, and goes on without", ex);
			}
			return null;
		}
	}

	private void register(WorkerIdentity identity) {
		long sentAt = System.nanoTime();
		this.workers.register(this.report.row(identity), this.settings.lease());
		identity.renewed(sentAt);
	}

	private void giveUp(WorkerIdentity identity) {
		logger.warn("Worker " + identity.id() + " was declared dead while it lived: its lease of "
				+ this.settings.lease() + " had ended. Its jobs run elsewhere; this node goes on under a new id");
		identity.giveUp();
		this.running.all().stream().filter((job) -> job.identity() == identity).forEach(Heartbeat::lose);
	}

	private static void lose(RunningJob job) {
		job.loseLease();
		job.interrupt(InterruptReason.LEASE);
	}

	private void checkRunning() {
		List<RunningJob> longRunning = this.running.all()
			.stream()
			.filter((job) -> job.ran().compareTo(CHECK_INTERVAL) > 0)
			.toList();
		longRunning.stream().map(RunningJob::identity).distinct().forEach((identity) -> check(identity, longRunning));
	}

	private void check(WorkerIdentity identity, List<RunningJob> jobs) {
		List<RunningJob> own = jobs.stream().filter((job) -> job.identity() == identity).toList();
		Map<Long, Held> held = this.claims.held(identity.id(), own.stream().map((job) -> job.claimed().id()).toList());
		for (RunningJob job : own) {
			Held found = held.get(job.claimed().id());
			if (found == null || found.claim() != job.claimed().fence().claim()) {
				// Freed by recovery, say, which removes the worker's row as well.
				lose(job);
			}
			else if (found.cancelRequested()) {
				job.interrupt(InterruptReason.CANCEL);
			}
		}
	}

}
