package io.jobstarter.worker;

import java.time.Duration;

import io.jobstarter.DeadReason;
import io.jobstarter.JobFailure;
import io.jobstarter.JobOutcome;
import io.jobstarter.store.Settlement;
import org.jspecify.annotations.Nullable;

/**
 * An outcome on its way into the database.
 */
final class PendingOutcome {

	private final RunningJob job;

	private final Duration ran;

	private JobOutcome outcome;

	private @Nullable JobOutcome perhapsWritten;

	private boolean simplified;

	private boolean finished;

	PendingOutcome(RunningJob job, JobOutcome outcome, Duration ran, @Nullable JobOutcome perhapsWritten) {
		this.job = job;
		this.outcome = outcome;
		this.ran = ran;
		this.perhapsWritten = perhapsWritten;
	}

	RunningJob job() {
		return this.job;
	}

	JobOutcome outcome() {
		return this.outcome;
	}

	Duration ran() {
		return this.ran;
	}

	/**
	 * Tells what may have been written already, since the reply to its commit was lost.
	 * @return the outcome, or {@code null}
	 */
	@Nullable JobOutcome perhapsWritten() {
		return this.perhapsWritten;
	}

	void finish() {
		this.finished = true;
	}

	boolean isFinished() {
		return this.finished;
	}

	void doubt() {
		if (this.perhapsWritten == null) {
			this.perhapsWritten = this.outcome;
		}
	}

	Settlement settlement() {
		String rule = (this.outcome instanceof JobOutcome.Retried retried) ? retried.rule() : null;
		String trace = this.job.trace();
		return new Settlement(this.job.claimed(), this.outcome,
				this.job.request().ruleCounts().plus(rule).traced(trace).format(), callsBack(), trace);
	}

	// Of what cannot be read nobody can be told.
	private boolean callsBack() {
		return this.outcome instanceof JobOutcome.Dead dead && dead.reason() != DeadReason.UNREADABLE
				&& DeadLetterCallbacks.isWanted(this.job.request().definition());
	}

	/**
	 * Drops all text of the failure but its class.
	 * @return whether there was any
	 */
	boolean simplify() {
		if (this.simplified) {
			return false;
		}
		this.simplified = true;
		if (this.outcome instanceof JobOutcome.Retried retried) {
			this.outcome = new JobOutcome.Retried(plain(retried.failure()), retried.delay(), retried.rule());
		}
		else if (this.outcome instanceof JobOutcome.Dead dead) {
			this.outcome = new JobOutcome.Dead(dead.reason(), plain(dead.failure()));
		}
		else if (this.outcome instanceof JobOutcome.Discarded) {
			this.outcome = new JobOutcome.Discarded("discarded", null);
		}
		else {
			return false;
		}
		return true;
	}

	private static JobFailure plain(JobFailure failure) {
		return new JobFailure(failure.errorClass(), "The message could not be stored", "");
	}

}
