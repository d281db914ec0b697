package io.jobstarter.schedule;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import io.jobstarter.JobEvent;
import io.jobstarter.RecurringEvent;
import io.jobstarter.maintenance.MaintenanceDuty;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.RecurringSteps;
import io.jobstarter.store.RecurringSteps.Fired;
import io.jobstarter.store.RecurringSteps.Step;
import io.jobstarter.store.RecurringSteps.Upcoming;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.SafeEvents;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Lets recurring jobs fire when they are due, whoever has declared them. Every node does
 * so: the database decides which of them enqueues the job of a fire.
 */
public final class FireRecurringJobs implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(FireRecurringJobs.class);

	/** How long one that another node has made may go unnoticed, if it is the first. */
	private static final Duration WITHOUT_ANY = Duration.ofSeconds(10);

	/** The same beside others. */
	private static final Duration LONGEST = Duration.ofSeconds(5);

	/** Another node is at it, or it waits for its previous job. */
	private static final Duration AGAIN = Duration.ofSeconds(1);

	private static final int MAX_SHOWN = 300;

	/**
	 * For how long a fire is left to nodes that know its handler, and so the keys of its
	 * jobs.
	 */
	private static final Duration LEFT_TO_OTHERS = Duration.ofSeconds(10);

	private final RecurringSteps steps;

	private final Schedules schedules;

	private final WakeUp wakeUp;

	private final SafeEvents events;

	private final UnaryOperator<NewJob> completion;

	private final Predicate<String> knows;

	/**
	 * Makes the duty.
	 * @param steps lets them fire
	 * @param schedules reads their schedules
	 * @param wakeUp tells workers of the jobs
	 * @param events tells listeners
	 */
	public FireRecurringJobs(RecurringSteps steps, Schedules schedules, WakeUp wakeUp, SafeEvents events) {
		this(steps, schedules, wakeUp, events, UnaryOperator.identity());
	}

	/**
	 * Makes the duty.
	 * @param steps lets them fire
	 * @param schedules reads their schedules
	 * @param wakeUp tells workers of the jobs
	 * @param events tells listeners
	 * @param completion completes each job by the rules of its handler
	 */
	public FireRecurringJobs(RecurringSteps steps, Schedules schedules, WakeUp wakeUp, SafeEvents events,
			UnaryOperator<NewJob> completion) {
		this(steps, schedules, wakeUp, events, completion, (name) -> true);
	}

	/**
	 * Makes the duty.
	 * @param steps lets them fire
	 * @param schedules reads their schedules
	 * @param wakeUp tells workers of the jobs
	 * @param events tells listeners
	 * @param completion completes each job by the rules of its handler
	 * @param knows whether this node knows the handler of a name. One that does not
	 * leaves a fire to others as long as these may be there
	 */
	public FireRecurringJobs(RecurringSteps steps, Schedules schedules, WakeUp wakeUp, SafeEvents events,
			UnaryOperator<NewJob> completion, Predicate<String> knows) {
		this.completion = completion;
		this.knows = knows;
		this.steps = steps;
		this.schedules = schedules;
		this.wakeUp = wakeUp;
		this.events = events;
	}

	@Override
	public void hurriedBy(Runnable hurry) {
		this.steps.listen(hurry);
	}

	@Override
	public Duration run() {
		List<Upcoming> upcoming = this.steps.upcoming();
		Duration next = upcoming.isEmpty() ? WITHOUT_ANY : LONGEST;
		RuntimeException failure = null;
		for (Upcoming recurring : upcoming) {
			try {
				next = sooner(next, wait(recurring));
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

	private Duration wait(Upcoming recurring) {
		Optional<Schedule> schedule = this.schedules.of(recurring.schedule(), recurring.zone());
		if (schedule.isEmpty()) {
			return LONGEST;
		}
		Duration dueIn = this.knows.test(recurring.jobName()) ? recurring.dueIn()
				: recurring.dueIn().plus(LEFT_TO_OTHERS);
		return (dueIn.isZero() || dueIn.isNegative()) ? fire(recurring.id(), schedule.get()) : dueIn;
	}

	private Duration fire(String id, Schedule schedule) {
		Optional<Step> step = this.steps.fire(id, new FirePlanner(schedule, this.completion));
		step.ifPresent((done) -> report(id, done));
		return step.map(FireRecurringJobs::wait).orElse(AGAIN);
	}

	private static Duration wait(Step step) {
		if (step.waits()) {
			return AGAIN;
		}
		return (step.dueIn() != null) ? step.dueIn() : LONGEST;
	}

	private void report(String id, Step step) {
		step.fired().forEach((fired) -> report(id, fired));
		step.skipped().forEach((at) -> this.events.publish(new RecurringEvent.Skipped(id, at)));
		if (step.missed() > 0) {
			logger.warn("Recurring job " + CleanText.printable(id, MAX_SHOWN) + " has missed " + step.missed()
					+ " fires: no node noticed them in time, and its misfire policy leaves them out");
			this.events.publish(new RecurringEvent.Missed(id, step.missed()));
		}
	}

	private void report(String id, Fired fired) {
		if (fired.scheduled()) {
			this.wakeUp.scheduled();
		}
		else {
			this.wakeUp.ready(fired.lane());
		}
		this.events.publish(new JobEvent.Enqueued(fired.job(), fired.name(), fired.lane().queue()));
		this.events.publish(new RecurringEvent.Fired(id, fired.at(), fired.job()));
	}

	private static Duration sooner(Duration one, Duration other) {
		return (other.compareTo(one) < 0) ? other : one;
	}

}
