package io.jobstarter.context;

import io.jobstarter.JobContextPropagator.Scope;
import io.jobstarter.JobId;
import io.jobstarter.support.AttemptDetails;
import io.jobstarter.support.JobLogFields;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Names the job in the logger's MDC: {@code jobId}, {@code jobName}, {@code queue},
 * {@code attempt}, {@code worker}, and after the attempt has begun {@code traceId} and
 * {@code spanId} as Spring Boot calls them.
 */
public final class MdcLogFields implements JobLogFields {

	private static final String[] KEYS = { "jobId", "jobName", "queue", "attempt", "worker", "traceId", "spanId" };

	@Override
	public Scope put(JobId id, String name, String queue) {
		return Fields.put(id.toString(), name, queue);
	}

	@Override
	public Scope put(AttemptDetails attempt) {
		String trace = attempt.trace();
		String[] span = (trace != null) ? trace.split("-") : new String[0];
		String id = attempt.id().toString();
		String number = Integer.toString(attempt.number());
		String worker = Long.toString(attempt.worker());
		return (span.length > 2) ? Fields.put(id, attempt.name(), attempt.queue(), number, worker, span[1], span[2])
				: Fields.put(id, attempt.name(), attempt.queue(), number, worker);
	}

	/**
	 * What was there before, and is there again after it, whatever somebody has put there
	 * or cleared meanwhile.
	 */
	private static final class Fields implements Scope {

		private final @Nullable String[] before;

		private Fields(int count) {
			this.before = new String[count];
		}

		static Fields put(String... values) {
			Fields fields = new Fields(values.length);
			for (int i = 0; i < values.length; i++) {
				fields.before[i] = MDC.get(KEYS[i]);
				MDC.put(KEYS[i], values[i]);
			}
			return fields;
		}

		@Override
		public void close() {
			for (int i = 0; i < this.before.length; i++) {
				String value = this.before[i];
				if (value != null) {
					MDC.put(KEYS[i], value);
				}
				else {
					MDC.remove(KEYS[i]);
				}
			}
		}

	}

}
