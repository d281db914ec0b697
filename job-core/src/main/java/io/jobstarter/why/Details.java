package io.jobstarter.why;

import java.util.LinkedHashMap;
import java.util.Map;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.ReasonCode;
import io.jobstarter.WorkerInfo;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the figures of a reason. What is {@code null} is left out. Ids of workers are
 * texts: they have more digits than numbers of JavaScript.
 */
final class Details {

	private static final int LONGEST = 4_000;

	private final Map<String, Object> details = new LinkedHashMap<>();

	Details with(String name, @Nullable Object value) {
		if (value != null) {
			this.details.put(name, value);
		}
		return this;
	}

	Details with(WorkerInfo worker) {
		return with("worker", Long.toString(worker.id())).with("host", worker.host())
			.with("pid", worker.pid())
			.with("application", worker.application())
			.with("lastSeenAt", worker.lastSeenAt())
			.with("leaseEndsAt", worker.expiresAt());
	}

	/**
	 * Makes the reason.
	 * @param code its code
	 * @param sentence its sentence, in which names may stand that somebody wrote
	 * @return the reason, whose sentence is one line
	 */
	Reason reason(ReasonCode code, String sentence) {
		return new Reason(code, CleanText.printable(sentence, LONGEST), this.details);
	}

}
