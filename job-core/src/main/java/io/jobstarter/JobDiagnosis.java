package io.jobstarter;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answer to "Why is this job not running?". It is put together from what the database
 * knows at one moment, to which workers have reported with their last heartbeats.
 *
 * @param id the job's id
 * @param name its name
 * @param queue its queue
 * @param state where it stands
 * @param at the time, by the clock of the database
 * @param reasons why it does not run, the most decisive first; one that runs, or is over,
 * says so. Never empty
 */
public record JobDiagnosis(JobId id, String name, String queue, JobState state, Instant at, List<Reason> reasons) {

	public JobDiagnosis {
		reasons = List.copyOf(reasons);
	}

	/**
	 * One reason.
	 *
	 * @param code which one, for programs
	 * @param sentence what it is in this case, for people: one sentence in plain text
	 * with the figures
	 * @param details the figures by themselves: texts, numbers, times, and lists and maps
	 * of these
	 */
	public record Reason(ReasonCode code, String sentence, Map<String, Object> details) {

		public Reason {
			details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
		}

	}

}
