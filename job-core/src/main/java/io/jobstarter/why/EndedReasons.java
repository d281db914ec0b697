package io.jobstarter.why;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

import io.jobstarter.DeadLetter;
import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.ReasonCode;

/**
 * The job is over.
 */
final class EndedReasons {

	private EndedReasons() {
	}

	/**
	 * Tells how a job ended.
	 * @param job the job, which is over
	 * @param letter its dead letter, if it has one
	 * @return the reason
	 */
	static Reason of(JobInfo job, Optional<DeadLetter> letter) {
		if (job.state() == JobState.DEAD && letter.isPresent()) {
			return dead(letter.get());
		}
		ReasonCode code = switch (job.state()) {
			case SUCCEEDED -> ReasonCode.SUCCEEDED;
			case DISCARDED -> ReasonCode.DISCARDED;
			case CANCELLED -> ReasonCode.CANCELLED;
			default -> ReasonCode.DEAD;
		};
		Instant at = job.finishedAt();
		String when = (at != null) ? " at " + Words.of(at) : "";
		return new Details().with("finishedAt", at)
			.with("attempts", job.attempts())
			.with("why", job.reason())
			.reason(code, switch (code) {
				case SUCCEEDED -> "It succeeded" + when + ".";
				case CANCELLED -> "It was cancelled" + when + ".";
				case DISCARDED -> "It was discarded" + when + Words.because(job.reason()) + ".";
				default -> "It died" + when + ".";
			});
	}

	private static Reason dead(DeadLetter letter) {
		String retried = (letter.retriedAs() != null) ? "; it was enqueued again as job " + letter.retriedAs()
				: "; it waits as a dead letter to be retried or discarded";
		return new Details().with("diedAt", letter.diedAt())
			.with("reason", letter.reason().name().toLowerCase(Locale.ROOT))
			.with("attempts", letter.attempts())
			.with("crashes", letter.crashes())
			.with("errorClass", letter.failure().errorClass())
			.with("retriedAs", (letter.retriedAs() != null) ? letter.retriedAs().value() : null)
			.reason(ReasonCode.DEAD, "It died at " + Words.of(letter.diedAt()) + ", " + why(letter) + retried + ".");
	}

	private static String why(DeadLetter letter) {
		return switch (letter.reason()) {
			case EXHAUSTED -> "after " + Words.count(letter.attempts(), "failed attempt", "failed attempts")
					+ ", the last one with " + letter.failure().errorClass();
			case CRASH -> "after " + Words.count(letter.crashes(), "worker", "workers") + " had died that ran it";
			case UNREADABLE -> "since its payload could not be read";
		};
	}

}
