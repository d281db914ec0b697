package io.jobstarter.schedule;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.RecurringConflict;
import io.jobstarter.RecurringJob;
import io.jobstarter.maintenance.MaintenanceDuty;
import io.jobstarter.store.RecurringSteps;
import io.jobstarter.store.RecurringSteps.Declared;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Keeps the database's recurring jobs in step with those that nodes declare. At its start
 * a node makes them what it declares; from then on it only says that it still has them,
 * so that two releases side by side do not fight: the last to start has its way. What
 * nobody has declared for an hour is retired.
 */
public final class DeclareRecurringJobs implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(DeclareRecurringJobs.class);

	private static final Duration INTERVAL = Duration.ofMinutes(5);

	private static final Duration SILENCE = Duration.ofHours(1);

	private static final Duration RETIRED_ARE_KEPT = Duration.ofDays(30);

	private static final int MOST_LOGGED = 5;

	private static final int MAX_SHOWN = 500;

	private static final String WHY_OFF = "enabled is false in the configuration of the node that started last";

	private final RecurringSteps steps;

	private final List<DeclaredJob> declared;

	private final Set<String> switchedOff;

	private final Schedules schedules;

	private final ScheduleConflicts conflicts;

	private final InstantSource clock;

	private boolean started;

	/**
	 * Makes the duty.
	 * @param steps keeps recurring jobs
	 * @param declarations what this node declares
	 * @param schedules reads schedules
	 * @param conflicts finds those that collide
	 * @param clock what day it is, for the conflicts
	 */
	public DeclareRecurringJobs(RecurringSteps steps, Declarations declarations, Schedules schedules,
			ScheduleConflicts conflicts, InstantSource clock) {
		this.steps = steps;
		this.switchedOff = declarations.switchedOff();
		this.declared = declarations.jobs()
			.stream()
			.sorted(Comparator.comparing((DeclaredJob job) -> job.definition().id()))
			.toList();
		this.schedules = schedules;
		this.conflicts = conflicts;
		this.clock = clock;
	}

	@Override
	public Duration run() {
		if (!this.started) {
			this.declared.forEach(this::declare);
			switchOff();
			logConflicts();
			this.started = true;
		}
		else {
			sayAgain();
		}
		for (String id : this.steps.retire(SILENCE)) {
			logger.warn("Recurring job " + shown(id) + " is retired, since no node has declared it for "
					+ SILENCE.toHours() + " h. It fires again, from then on, when one does");
		}
		for (String id : this.steps.deleteRetired(RETIRED_ARE_KEPT)) {
			logger.info("Recurring job " + shown(id) + " is deleted: it had been retired for "
					+ RETIRED_ARE_KEPT.toDays() + " days");
		}
		return INTERVAL;
	}

	private void switchOff() {
		if (this.switchedOff.isEmpty()) {
			return;
		}
		for (String id : this.steps.switchOff(this.switchedOff, WHY_OFF)) {
			logger.info("Recurring job " + id + " is switched off by background-jobs.recurring." + id
					+ ".enabled: no node lets it fire until one starts that declares it");
		}
	}

	private void declare(DeclaredJob job) {
		Declared change = this.steps.declare(job.definition(), job.source(), this.schedules);
		if (change != Declared.SAME) {
			logger.info("Recurring job " + job.definition().id() + " is declared: " + job.definition().schedule());
		}
	}

	// What was retired or removed meanwhile is declared anew.
	private void sayAgain() {
		if (this.declared.isEmpty()) {
			return;
		}
		Set<String> there = this.steps
			.stillDeclared(this.declared.stream().map((job) -> job.definition().id()).collect(Collectors.toSet()));
		this.declared.stream().filter((job) -> !there.contains(job.definition().id())).forEach(this::declare);
	}

	private void logConflicts() {
		if (this.declared.isEmpty()) {
			return;
		}
		List<RecurringConflict> found = this.conflicts
			.among(this.steps.active().stream().map(RecurringJob::definition).toList(), this.clock.instant());
		found.stream()
			.limit(MOST_LOGGED)
			.forEach((conflict) -> logger.warn("Recurring jobs " + shown(String.join(", ", conflict.ids()))
					+ " meet in " + conflict.minutes() + " minutes of the next 24 hours, first at " + conflict.first()
					+ ", on the queue " + shown(conflict.queue()) + ", of which a node runs " + conflict.concurrency()
					+ " at a time: move some, or give them a jitter"));
		if (found.size() > MOST_LOGGED) {
			logger.warn((found.size() - MOST_LOGGED) + " more sets of recurring jobs meet like that");
		}
	}

	/**
	 * What a node declares.
	 *
	 * @param jobs the recurring jobs
	 * @param switchedOff the ids of those that are not to fire
	 */
	public record Declarations(List<DeclaredJob> jobs, Set<String> switchedOff) {
	}

	// Rows are data: somebody may have written others.
	private static String shown(String text) {
		return CleanText.printable(text, MAX_SHOWN);
	}

}
