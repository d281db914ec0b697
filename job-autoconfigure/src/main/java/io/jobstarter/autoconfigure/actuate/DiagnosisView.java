package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;
import java.util.List;

import io.jobstarter.JobDiagnosis;
import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobState;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Why a job does not run, as JSON.
 *
 * @param id the job's id
 * @param name its name
 * @param queue its queue
 * @param state where it stands
 * @param at the time, by the clock of the database
 * @param reasons the reasons, the most decisive first
 */
public record DiagnosisView(long id, String name, String queue, JobState state, Instant at,
		List<Reason> reasons) implements OperationResponseBody {

	static DiagnosisView of(JobDiagnosis diagnosis) {
		return new DiagnosisView(diagnosis.id().value(), diagnosis.name(), diagnosis.queue(), diagnosis.state(),
				diagnosis.at(), diagnosis.reasons());
	}

}
