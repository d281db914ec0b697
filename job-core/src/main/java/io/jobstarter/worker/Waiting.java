package io.jobstarter.worker;

import java.util.Comparator;

/**
 * A job that waits for a slot.
 *
 * @param job the job
 * @param arrival its number among all that came
 * @param since since when it waits
 */
record Waiting(RunningJob job, long arrival, long since) {

	static final Comparator<Waiting> ORDER = Comparator.comparingInt(Waiting::priority)
		.reversed()
		.thenComparing(Waiting::front, Comparator.reverseOrder())
		.thenComparingLong(Waiting::arrival);

	int priority() {
		return this.job.claimed().lane().priority();
	}

	boolean front() {
		return this.job.claimed().lane().front();
	}

	int share() {
		return this.job.claimed().lane().share();
	}

}
