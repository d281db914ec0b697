package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.store.NewJob;

/**
 * Inserts jobs with unique keys by {@code on conflict}: one statement, whatever becomes
 * of them.
 */
final class PostgresEnqueueStore extends JdbcEnqueueStore {

	// A row that is there is locked, and whoever is making one is waited for.
	private static final String ENSURE_EXPIRING_KEYS = """
			insert into background_job_expiring_key as k (unique_key, job_id, expires_at)
			select u.unique_key, 0, clock_timestamp()
			from unnest(cast(:keys as varchar array)) with ordinality u (unique_key, number)
			order by u.number
			on conflict (unique_key) do update set unique_key = excluded.unique_key
			""";

	private final PostgresDialect dialect;

	private final PostgresReadyJobs readyJobs;

	PostgresEnqueueStore(CallersTransaction transaction, Statements statements, Savepoints savepoints,
			PostgresDialect dialect) {
		super(transaction, statements, savepoints, dialect);
		this.dialect = dialect;
		this.readyJobs = new PostgresReadyJobs(statements);
	}

	@Override
	boolean insertsInOneStatement() {
		return true;
	}

	@Override
	List<Enqueued> insertPlain(List<NewJob> jobs) {
		return PostgresReadyJobs.areAlike(jobs) ? this.readyJobs.insert(jobs) : super.insertPlain(jobs);
	}

	// Committed, or a crash might give the same ids again.
	@Override
	public List<Long> reserveIds(int count) {
		return transaction().apart(() -> nextIds(count));
	}

	@Override
	List<Long> nextIds(int count) {
		return statements().of(this.dialect.reserveIds())
			.param("count", count)
			.query(Long.class)
			.list()
			.stream()
			.sorted()
			.toList();
	}

	@Override
	Inserted insertUnique(List<NewJob> plain, List<NewJob> unique) {
		List<Long> plainIds = new ArrayList<>();
		Map<String, Enqueued> byKey = new HashMap<>();
		List<NewJob> jobs = Stream.concat(plain.stream(), unique.stream()).toList();
		statements().of(this.dialect.insertUniqueJobs(JobRows.haveIds(jobs)))
			.params(JobRows.parameters(jobs))
			.query((row) -> {
				long id = row.getLong("id");
				String key = row.getString("unique_key");
				if (key == null) {
					plainIds.add(id);
				}
				else {
					byKey.put(key, new Enqueued(new JobId(id), row.getBoolean("duplicate")));
				}
			});
		List<Enqueued> inserted = plainIds.stream().sorted().map((id) -> new Enqueued(new JobId(id), false)).toList();
		return new Inserted(inserted, byKey);
	}

	@Override
	void ensureExpiringKeys(List<String> keys) {
		statements().of(ENSURE_EXPIRING_KEYS).param("keys", keys.toArray(String[]::new)).update();
	}

}
