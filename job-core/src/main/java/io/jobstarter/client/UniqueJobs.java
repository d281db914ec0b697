package io.jobstarter.client;

import java.util.LinkedHashMap;
import java.util.Map;

import io.jobstarter.DueTime;
import io.jobstarter.Uniqueness;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.UniqueKey;
import org.jspecify.annotations.Nullable;

/**
 * Makes new jobs unique.
 */
final class UniqueJobs {

	private UniqueJobs() {
	}

	/**
	 * Gives a job its unique key, and lets it wait for others to join it. It remembers
	 * the key, so that a redrive can ask for it again.
	 * @param job the job, which is due at once unless the enqueue said when
	 * @param uniqueness how it is unique
	 * @param due when the enqueue says that it is due, or {@code null}
	 * @return the job with its key
	 */
	static NewJob of(NewJob job, Uniqueness uniqueness, @Nullable DueTime due) {
		String key = (uniqueness.key() != null) ? uniqueness.key() : job.payload();
		// Only what nobody has chosen a time for waits for others.
		Uniqueness chosen = (due != null && uniqueness.within() != null) ? withoutWaiting(uniqueness) : uniqueness;
		UniqueKey unique = UniqueKey.of(job.name(), key, chosen);
		Map<String, String> headers = new LinkedHashMap<>(job.headers());
		headers.put(UniqueKey.HEADER, unique.remembered());
		return job.withDue(dueOf(job, chosen)).withHeaders(headers).withUnique(unique);
	}

	private static Uniqueness withoutWaiting(Uniqueness uniqueness) {
		return new Uniqueness(uniqueness.key(), uniqueness.until(), uniqueness.ttl(), uniqueness.onConflict(), null,
				null);
	}

	private static DueTime dueOf(NewJob job, Uniqueness uniqueness) {
		return (uniqueness.within() != null) ? new DueTime.In(uniqueness.within()) : job.due();
	}

}
