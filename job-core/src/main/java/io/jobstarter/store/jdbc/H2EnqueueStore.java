package io.jobstarter.store.jdbc;

import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.store.NewJob;

import org.springframework.dao.DuplicateKeyException;

/**
 * Inserts jobs with unique keys one by one. A duplicate undoes its own statement only; H2
 * goes on with the caller's transaction.
 */
final class H2EnqueueStore extends JdbcEnqueueStore {

	private static final int ATTEMPTS = 100;

	private static final String NOW = "select clock_timestamp()";

	private static final String HOLDER = """
			select id from background_job_job where unique_key = :key
			""";

	// Without the clock: H2 reads it from a list of all sessions, and fails now and then
	// if one of these ends meanwhile.
	private static final String ADD_EXPIRING_KEY = """
			insert into background_job_expiring_key (unique_key, job_id, expires_at)
			values (:key, 0, timestamp with time zone '1970-01-01 00:00:00+00')
			""";

	H2EnqueueStore(CallersTransaction transaction, Statements statements, Savepoints savepoints, H2Dialect dialect) {
		super(transaction, statements, savepoints, dialect);
	}

	// The clock is asked once: in the statement, H2 would ask it for each row anew, which
	// takes most of a millisecond.
	@Override
	List<Enqueued> insertPlain(List<NewJob> jobs) {
		OffsetDateTime now = statements().of(NOW).query(OffsetDateTime.class).single();
		return JobRows.enqueued(statements().of(insertOf(jobs)).params(JobRows.parameters(jobs)).param("now", now),
				jobs.size());
	}

	@Override
	Inserted insertUnique(List<NewJob> plain, List<NewJob> unique) {
		List<Enqueued> inserted = plain.isEmpty() ? List.of() : insertPlain(plain);
		Map<String, Enqueued> byKey = new HashMap<>();
		for (NewJob job : unique) {
			byKey.put(String.valueOf(JobRows.uniqueKey(job)), insertUnique(job));
		}
		return new Inserted(inserted, byKey);
	}

	// The holder may be gone again by the time that it is looked for.
	private Enqueued insertUnique(NewJob job) {
		for (int attempt = 1;; attempt++) {
			try {
				return insertPlain(List.of(job)).get(0);
			}
			catch (DuplicateKeyException ex) {
				Optional<Long> holder = holder(job);
				if (holder.isPresent()) {
					return new Enqueued(new JobId(holder.get()), true);
				}
				if (attempt == ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	private Optional<Long> holder(NewJob job) {
		return statements().of(HOLDER).param("key", JobRows.uniqueKey(job)).query(Long.class).optional();
	}

	@Override
	void ensureExpiringKeys(List<String> keys) {
		for (String key : keys) {
			try {
				statements().of(ADD_EXPIRING_KEY).param("key", key).update();
			}
			catch (DuplicateKeyException ex) {
				// It is there.
			}
		}
	}

}
