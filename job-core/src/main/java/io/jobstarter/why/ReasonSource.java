package io.jobstarter.why;

import java.util.List;

import io.jobstarter.JobDiagnosis.Reason;

/**
 * Knows one family of reasons.
 */
@FunctionalInterface
interface ReasonSource {

	/**
	 * Finds those that apply.
	 * @param situation the job's situation
	 * @return the reasons, the most decisive first, or an empty list
	 */
	List<Reason> reasons(Situation situation);

}
