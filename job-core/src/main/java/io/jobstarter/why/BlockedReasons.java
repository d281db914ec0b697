package io.jobstarter.why;

import java.util.List;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobState;
import io.jobstarter.ReasonCode;
import io.jobstarter.store.SituationStore.PresentJob;

/**
 * The job waits for something that no other source explains: a later release has put it
 * there.
 */
final class BlockedReasons implements ReasonSource {

	@Override
	public List<Reason> reasons(Situation situation) {
		PresentJob job = situation.job();
		if (job.state() != JobState.BLOCKED || BreakerReasons.breakerOf(job.state(), job.reason()) != null
				|| KeyReasons.keyOf(job) != null || RateReasons.isWaitedFor(job.state(), job.reason())) {
			return List.of();
		}
		return List.of(new Details().with("blockedBy", job.reason())
			.reason(ReasonCode.BLOCKED,
					"It waits for something that this release does not know" + Words.because(job.reason()) + "."));
	}

}
