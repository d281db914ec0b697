package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.Optional;

import io.jobstarter.RedriveState;
import io.jobstarter.store.RedriveSteps;
import io.jobstarter.store.RedriveSteps.Step;
import io.jobstarter.store.RedriveSteps.UnderWay;
import io.jobstarter.store.WakeUp;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Goes on with redrives by filter. A node hears at once of those that it made, and looks
 * for others now and then only.
 */
public final class AdvanceRedrives implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(AdvanceRedrives.class);

	private static final Duration IDLE = Duration.ofSeconds(10);

	/** Another node is at it: it is taken over this long after that one has died. */
	private static final Duration ELSEWHERE = Duration.ofSeconds(1);

	private final RedriveSteps redrives;

	private final WakeUp wakeUp;

	/**
	 * Makes the duty.
	 * @param redrives goes on with them
	 * @param wakeUp tells workers of the jobs that became ready
	 */
	public AdvanceRedrives(RedriveSteps redrives, WakeUp wakeUp) {
		this.redrives = redrives;
		this.wakeUp = wakeUp;
	}

	@Override
	public void hurriedBy(Runnable hurry) {
		this.redrives.listen(hurry);
	}

	@Override
	public Duration run() {
		Duration next = IDLE;
		RuntimeException failure = null;
		for (UnderWay redrive : this.redrives.underWay()) {
			try {
				Duration wait = redrive.dueIn().isZero() ? advance(redrive.id()) : redrive.dueIn();
				next = (wait.compareTo(next) < 0) ? wait : next;
			}
			catch (RuntimeException ex) {
				// One that fails does not hold the others up.
				failure = (failure != null) ? failure : ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
		return next;
	}

	private Duration advance(long id) {
		Optional<Step> step = this.redrives.step(id);
		step.ifPresent((done) -> report(id, done));
		return step.map(AdvanceRedrives::wait).orElse(ELSEWHERE);
	}

	private static Duration wait(Step step) {
		return step.state().isUnderWay() ? step.dueIn() : IDLE;
	}

	private void report(long id, Step step) {
		step.lanes().forEach(this.wakeUp::ready);
		if (step.state() == RedriveState.STOPPED) {
			logger.warn("Redrive " + id + " has stopped: " + step.stoppedBecause());
		}
		else if (step.state() == RedriveState.DONE) {
			logger.info("Redrive " + id + " is done");
		}
	}

}
