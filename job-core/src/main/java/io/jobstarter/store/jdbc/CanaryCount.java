package io.jobstarter.store.jdbc;

import io.jobstarter.RedriveCanary;

/**
 * What has become of the jobs of a canary.
 *
 * @param canary what was asked for
 * @param sent how many jobs were enqueued
 * @param complete whether no more are: there are as many as were asked for, or no letters
 * left
 * @param succeeded how many have succeeded
 * @param failed how many have failed
 */
record CanaryCount(RedriveCanary canary, int sent, boolean complete, int succeeded, int failed) {

	boolean hasPassed() {
		return this.succeeded >= required();
	}

	boolean hasFailed() {
		return this.failed > expected() - required();
	}

	String whyItFailed() {
		return "Of its first " + this.sent + " jobs " + this.failed + " have failed and " + this.succeeded
				+ " have succeeded, where " + required() + " had to";
	}

	private int expected() {
		return this.complete ? this.sent : this.canary.jobs();
	}

	// The same share of fewer jobs, rounded up.
	private int required() {
		return (expected() * this.canary.required() + this.canary.jobs() - 1) / this.canary.jobs();
	}

}
