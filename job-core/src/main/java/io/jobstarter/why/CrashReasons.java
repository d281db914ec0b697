package io.jobstarter.why;

import java.util.List;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobState;
import io.jobstarter.ReasonCode;

/**
 * Workers died while they ran the job, so it is kept apart.
 */
final class CrashReasons implements ReasonSource {

	private static final int SUSPICIOUS = 2;

	@Override
	public List<Reason> reasons(Situation situation) {
		int crashes = situation.job().crashes();
		if (crashes < SUSPICIOUS || situation.job().state() != JobState.READY) {
			return List.of();
		}
		return List.of(
				new Details().with("crashes", crashes)
					.reason(ReasonCode.RUNS_ALONE, crashes
							+ " workers died while they ran it, so it runs alone: a node claims it when all that "
							+ "it runs has ended, or after the time of a lease."));
	}

}
