package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

import io.jobstarter.DeadReason;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import io.jobstarter.store.MaintenanceStore;
import io.jobstarter.store.MaintenanceStore.RecoveredJob;
import io.jobstarter.store.MaintenanceStore.Recovery;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.FailureFingerprint;
import io.jobstarter.support.NetworkPatience;
import io.jobstarter.support.SafeEvents;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Frees the jobs of workers whose lease has ended, one worker and 500 jobs a transaction.
 */
public final class RecoverDeadWorkers implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(RecoverDeadWorkers.class);

	/** The third crash is one too many: no job may take down a fleet. */
	private static final int CRASH_LIMIT = 3;

	private static final int BATCH = 500;

	private final MaintenanceStore store;

	private final WakeUp wakeUp;

	private final SafeEvents events;

	private final Predicate<String> callback;

	private final Duration lease;

	private final Duration interval;

	/**
	 * Makes the duty.
	 * @param store recovers
	 * @param wakeUp tells workers of the jobs that became ready
	 * @param events tells listeners of the jobs
	 * @param callback says of a job name whether its handler is to be told of a dead
	 * letter
	 * @param lease how long the database must have been up
	 * @param interval how often to look
	 */
	public RecoverDeadWorkers(MaintenanceStore store, WakeUp wakeUp, SafeEvents events, Predicate<String> callback,
			Duration lease, Duration interval) {
		this.store = store;
		this.wakeUp = wakeUp;
		this.events = events;
		this.callback = callback;
		this.lease = lease;
		this.interval = interval;
	}

	@Override
	public Duration run() {
		long after = Long.MIN_VALUE;
		Optional<Recovery> recovery = recover(after);
		while (recovery.isPresent()) {
			report(recovery.get());
			// Fewer than a batch: what is left of this worker is locked, so go on to the
			// next one.
			boolean more = recovery.get().jobs().size() == BATCH;
			after = more ? after : recovery.get().worker();
			recovery = recover(after);
		}
		return this.interval;
	}

	private Optional<Recovery> recover(long after) {
		return NetworkPatience.hurried(() -> this.store.recover(after, this.lease, CRASH_LIMIT, BATCH, this.callback));
	}

	private void report(Recovery recovery) {
		if (!recovery.jobs().isEmpty()) {
			logger.warn("Worker " + recovery.worker() + " is gone: " + recovery.jobs().size()
					+ " of its jobs are free again");
		}
		recovery.released().forEach(this.wakeUp::ready);
		for (RecoveredJob job : recovery.jobs()) {
			this.wakeUp.ready(job.lane());
			this.events.publish(new JobEvent.Recovered(new JobId(job.id()), job.name(), job.lane().queue(),
					job.crashes(), job.dead()));
			if (job.death() != null) {
				this.events.publish(deadLettered(job, job.death()));
			}
		}
	}

	private static JobEvent.DeadLettered deadLettered(RecoveredJob job, JobFailure death) {
		return new JobEvent.DeadLettered(new JobId(job.id()), job.name(), job.lane().queue(), DeadReason.CRASH,
				FailureFingerprint.of(DeadReason.CRASH, death), death);
	}

}
