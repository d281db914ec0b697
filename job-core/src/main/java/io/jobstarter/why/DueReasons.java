package io.jobstarter.why;

import java.time.Instant;
import java.util.List;

import io.jobstarter.AttemptFailure;
import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobState;
import io.jobstarter.ReasonCode;
import io.jobstarter.store.SituationStore.PresentJob;

/**
 * The job's time has not come: for the first time, for another attempt, or since it was
 * put off.
 */
final class DueReasons implements ReasonSource {

	@Override
	public List<Reason> reasons(Situation situation) {
		PresentJob job = situation.job();
		if (job.state() != JobState.SCHEDULED) {
			return List.of();
		}
		if (!job.dueAt().isAfter(situation.now())) {
			return List.of(details(situation).reason(ReasonCode.DUE_NOW,
					"It has been due for " + Words.between(job.dueAt(), situation.now())
							+ " and becomes ready as soon as a worker looks for what is due."));
		}
		if (job.reason() != null) {
			return List.of(putOff(situation, job.reason()));
		}
		return List.of((job.attempts() > 0) ? retry(situation) : first(situation));
	}

	private static Reason putOff(Situation situation, String why) {
		return details(situation).with("why", why)
			.reason(ReasonCode.PUT_OFF, "It was put off and is due again " + due(situation) + Words.because(why)
					+ "; no attempt was used up.");
	}

	private static Reason retry(Situation situation) {
		PresentJob job = situation.job();
		AttemptFailure failure = situation.failure();
		Details details = details(situation);
		String after = "";
		if (failure != null) {
			details.with("errorClass", failure.failure().errorClass()).with("failedAt", failure.failedAt());
			after = ", the last one " + Words.between(failure.failedAt(), situation.now()) + " ago with "
					+ failure.failure().errorClass();
		}
		return details.reason(ReasonCode.RETRY_LATER, "It is due for attempt " + (job.attempts() + 1) + " "
				+ due(situation) + "; " + Words.count(job.attempts(), "attempt", "attempts") + " failed" + after + ".");
	}

	private static Reason first(Situation situation) {
		return details(situation).reason(ReasonCode.DUE_LATER,
				"It is due " + due(situation) + ", and has not been tried yet.");
	}

	private static Details details(Situation situation) {
		return new Details().with("dueAt", situation.job().dueAt()).with("attempts", situation.job().attempts());
	}

	private static String due(Situation situation) {
		Instant at = situation.job().dueAt();
		return "in " + Words.between(situation.now(), at) + ", at " + Words.of(at);
	}

}
