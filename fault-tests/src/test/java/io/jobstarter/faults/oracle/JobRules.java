package io.jobstarter.faults.oracle;

import java.util.ArrayList;
import java.util.List;

import io.jobstarter.faults.oracle.Evidence.Ending;
import io.jobstarter.faults.oracle.Evidence.Start;
import io.jobstarter.faults.oracle.Violation.Rule;

/**
 * The rules for a single job.
 */
final class JobRules {

	private final JobFacts job;

	private final List<Violation> violations = new ArrayList<>();

	private JobRules(JobFacts job) {
		this.job = job;
	}

	static List<Violation> check(JobFacts job) {
		JobRules rules = new JobRules(job);
		if (job.planned() == null) {
			rules.checkThatNothingHappened();
		}
		else {
			rules.checkSuccess(job.planned());
			rules.checkEffects(job.planned());
			rules.checkStarts(job.planned());
			rules.checkCounts(job.planned());
			rules.checkDueTime();
		}
		return rules.violations;
	}

	static List<Violation> checkOutcome(JobFacts job) {
		JobRules rules = new JobRules(job);
		if (job.planned() == null) {
			rules.checkThatNothingHappened();
		}
		else if (!rules.isOverWithoutHistory(job.planned())) {
			rules.checkSuccess(job.planned());
			rules.checkEffects(job.planned());
		}
		return rules.violations;
	}

	// An effect is committed together with the end of its job, which does not wait for a
	// history that cannot be written.
	private boolean isOverWithoutHistory(PlannedJob planned) {
		return planned.hasEffect() && this.job.effects().size() == 1 && this.job.ids().size() == 1
				&& this.job.endings().isEmpty() && this.job.unfinished().isEmpty() && this.job.deadLetters().isEmpty();
	}

	private void checkThatNothingHappened() {
		broken(Rule.UNEXPECTED, "is there, though its enqueue was never committed: " + summary());
	}

	private void checkSuccess(PlannedJob planned) {
		if (!this.job.hasSucceeded()) {
			broken(Rule.LOST, "has not succeeded: " + summary());
		}
		if (this.job.ids().size() > 1) {
			broken(Rule.UNEXPECTED, "was enqueued more than once, under the ids " + this.job.ids());
		}
		if (!this.job.deadLetters().isEmpty()) {
			broken(Rule.UNEXPECTED, "is a dead letter: " + this.job.deadLetters());
		}
		if (this.job.hasSucceeded() && !this.job.unfinished().isEmpty()) {
			broken(Rule.LEFT, "has succeeded and is still there: " + this.job.unfinished());
		}
	}

	private void checkEffects(PlannedJob planned) {
		int expected = planned.hasEffect() ? 1 : 0;
		int effects = this.job.effects().size();
		if (effects > expected) {
			broken(Rule.UNEXPECTED, "has " + effects + " effects, not " + expected);
		}
		else if (effects < expected && this.job.hasSucceeded()) {
			broken(Rule.LOST, "has succeeded, but without its effect");
		}
		else if (effects > 0 && !this.job.hasSucceeded()) {
			broken(Rule.UNEXPECTED, "has an effect, but has not succeeded");
		}
	}

	private void checkStarts(PlannedJob planned) {
		int ends = this.job.endsAfterStart();
		if (this.job.extraStarts() > ends + this.job.disturbed()) {
			broken(Rule.DUPLICATED,
					"started " + this.job.starts().size() + " times, with " + planned.failures() + " failures to come, "
							+ this.job.postponements().size() + " conflicts and " + ends
							+ " ends of nodes that held it and had started it");
		}
		for (int attempt = 1; attempt <= planned.failures() + 1 && this.job.hasSucceeded()
				&& this.job.disturbed() == 0; attempt++) {
			int number = attempt;
			if (this.job.starts().stream().noneMatch((start) -> start.attempt() == number)) {
				broken(Rule.LOST, "has succeeded, but never started its attempt " + attempt);
			}
		}
		this.job.starts().stream().filter((start) -> start.attempt() > most(planned) + 1).forEach(this::surplus);
	}

	// Failures that were not planned have a reason if they were in a disturbance.
	private int most(PlannedJob planned) {
		return planned.failures() + this.job.disturbed();
	}

	private boolean isMiscounted(PlannedJob planned, int failures) {
		return failures < planned.failures() || failures > most(planned);
	}

	private void surplus(Start start) {
		broken(Rule.UNEXPECTED,
				"started attempt " + start.attempt() + " on " + start.node() + ", which is one too many");
	}

	private void checkCounts(PlannedJob planned) {
		if (isMiscounted(planned, this.job.failures().size()) && this.job.hasSucceeded()) {
			broken(Rule.MISCOUNTED,
					"has " + this.job.failures().size() + " failed attempts recorded, not " + planned.failures());
		}
		for (Ending ending : this.job.endings()) {
			if (isMiscounted(planned, ending.attempts())) {
				broken(Rule.MISCOUNTED, "has used up " + ending.attempts() + " attempts, not " + planned.failures());
			}
			if (ending.crashes() > this.job.kills()) {
				broken(Rule.MISCOUNTED, "has " + ending.crashes() + " crashes counted, but " + this.job.kills()
						+ " killed nodes held it");
			}
		}
	}

	// The due time in the history is that of the last attempt.
	private void checkDueTime() {
		if (this.job.starts().isEmpty() || this.job.endings().isEmpty()) {
			return;
		}
		Start last = this.job.starts().get(this.job.starts().size() - 1);
		if (last.at().isBefore(this.job.endings().get(0).dueAt())) {
			broken(Rule.EARLY,
					"started at " + last.at() + ", before it was due at " + this.job.endings().get(0).dueAt());
		}
	}

	private String summary() {
		return this.job.starts().size() + " starts, " + this.job.effects().size() + " effects, "
				+ this.job.endings().size() + " entries in the history, " + this.job.deadLetters().size()
				+ " dead letters, unfinished: " + this.job.unfinished();
	}

	private void broken(Rule rule, String what) {
		this.violations.add(new Violation(rule, this.job.number(), what));
	}

}
