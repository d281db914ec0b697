package io.jobstarter.worker;

import java.time.Duration;

import io.jobstarter.execution.AttemptContext.InterruptReason;
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

	private final Duration warnAfter;

	Watchdog(RunningJobs running, Dispatcher dispatcher, Duration warnAfter, SafeEvents events) {
		this.running = running;
		this.dispatcher = dispatcher;
		this.warnAfter = warnAfter;
		this.events = events;
	}

	Duration look() {
		this.dispatcher.giveBackStalled();
		// Should a thread have died between two jobs, of memory, say.
		this.dispatcher.startNext();
		for (RunningJob job : this.running.all()) {
			if (job.isOverTime()) {
				job.interrupt(InterruptReason.TIMEOUT);
			}
			if (job.isTransactional() && job.hasStarted() && !job.identity().isLeased()) {
				job.interrupt(InterruptReason.LEASE);
			}
			if (job.becomesLong(this.warnAfter)) {
				logger.warn("Job " + job.claimed().id() + " (" + job.claimed().name() + ") has been running for "
						+ this.warnAfter + " and goes on");
			}
			if (job.becomesStuck(GRACE)) {
				logger.warn("Job " + job.claimed().id() + " (" + job.claimed().name() + ") runs on " + GRACE
						+ " after it was interrupted: it keeps its slot until it ends");
				this.events.publish(job.stuckEvent());
			}
		}
		return INTERVAL;
	}

}
