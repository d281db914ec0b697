package io.jobstarter.faults.oracle;

import io.jobstarter.faults.Jobs.Effect;
import io.jobstarter.faults.Jobs.Work;
import org.jspecify.annotations.Nullable;

/**
 * A job as a scenario wants it.
 *
 * @param number which job it is
 * @param hasEffect whether it has an effect in its transaction
 * @param millis how long its body takes
 * @param failures how many of its attempts fail
 * @param followUp a job that it enqueues itself
 * @param placement how it is enqueued
 */
public record PlannedJob(int number, boolean hasEffect, int millis, int failures, @Nullable PlannedJob followUp,
		Placement placement) {

	public Object payload() {
		return this.hasEffect ? effect() : new Work(this.number, this.millis, this.failures);
	}

	private Effect effect() {
		Effect followUp = (this.followUp != null) ? this.followUp.effect() : null;
		return new Effect(this.number, this.millis, this.failures, followUp);
	}

	/**
	 * A job that must never run, since one with the same unique key is there.
	 * @return its payload
	 */
	public Object twin() {
		int number = -1 - this.number;
		return this.hasEffect ? Effect.taking(number, 1) : Work.taking(number, 1);
	}

	/**
	 * How a job is enqueued.
	 *
	 * @param queue where it waits
	 * @param priority its priority
	 * @param delayMillis how much later it is due
	 * @param twice whether it is enqueued twice under one key, which makes it one job
	 */
	public record Placement(String queue, int priority, int delayMillis, boolean twice) {

		public static final Placement PLAIN = new Placement(Plan.QUEUES.get(0), 0, 0, false);

	}

}
