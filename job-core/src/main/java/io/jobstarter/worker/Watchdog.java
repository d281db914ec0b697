package io.jobstarter.worker;

import java.time.Duration;

import io.jobstarter.JobContextPropagator.Scope;
import io.jobstarter.execution.AttemptContext.InterruptReason;
import io.jobstarter.support.JobLogFields;
import io.jobstarter.support.SafeEvents;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Interrupts bodies that take too long, and those whose effects must not outlive the
 * lease, and gives back what waits for too long behind others. Looks at memory only, so
 * that no slow database delays it.
 */
final class Watchdog {

	private static final Log logger = LogFactory.getLog(Watchdog.class);

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private static final Duration GRACE = Duration.ofSeconds(5);

	private final RunningJobs running;

	private final Dispatcher dispatcher;

	private final SafeEvents events;

	private final JobLogFields logFields;

	private final Duration warnAfter;

	Watchdog(RunningJobs running, Dispatcher dispatcher, Duration warnAfter, SafeEvents events,
			JobLogFields logFields) {
		this.running = running;
		this.dispatcher = dispatcher;
		this.warnAfter = warnAfter;
		this.events = events;
		this.logFields = logFields;
	}

	Duration look() {
		this.dispatcher.giveBackStalled();
		// Should a thread have died between two jobs, of memory, say.
		this.dispatcher.startNext();
		for (RunningJob job : this.running.all()) {
			if (job.isOverTime()) {
				job.interrupt(InterruptReason.TIMEOUT);
			}
			if (job.hasStarted() && !job.identity().isLeased() && this.dispatcher.isExclusive(job)) {
				job.interrupt(InterruptReason.LEASE);
			}
			if (job.becomesLong(this.warnAfter)) {
				warnOfLong(job);
			}
			if (job.becomesStuck(GRACE)) {
				this.events.publish(job.stuckEvent(), job);
			}
		}
		return INTERVAL;
	}

	private void warnOfLong(RunningJob job) {
		Scope fields = this.logFields.put(job);
		try {
			logger.warn("Job " + job.id() + " (" + job.name() + ") has been running for " + this.warnAfter
					+ " and goes on");
		}
		finally {
			fields.close();
		}
	}

}
