package io.jobstarter.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.jobstarter.Enqueued;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobId;
import io.jobstarter.store.NewJob;

import org.springframework.dao.CannotAcquireLockException;

/**
 * Inserts jobs on MariaDB, at whatever isolation the caller has.
 * <p>
 * A unique key is decided by a row of {@code key_lock}, which is there already and stays:
 * locking it locks no gap, and those who wait get it one by one. Who holds it inserts
 * what is free and looks the others up in the unique index alone. The row of a job that
 * holds a key is locked only if nobody else has it: the engine locks rows before keys,
 * this the other way round.
 */
final class MariaDbEnqueueStore extends JdbcEnqueueStore {

	private static final int ATTEMPTS = 100;

	/** How much text goes into one statement, unless it is one job's. */
	private static final int PORTION = 500_000;

	private static final int KEY_LOCK_DIGITS = 3;

	private static final int STATEMENT_WITHOUT_TEXT = 10_000;

	private static final String LONGEST_STATEMENT = """
			select @@max_allowed_packet
			""";

	private static final String LOCK_KEYS = """
			select id from background_job_key_lock force index (primary) where id in (:ids) order by id for update
			""";

	private static final String HOLDERS = """
			select unique_key, id from background_job_job force index (background_job_job_unique)
			where unique_key in (:keys)
			lock in share mode
			""";

	private static final String HOLD = """
			select id from background_job_job force index (primary) where id in (:ids) for update skip locked
			""";

	private final MariaDbDialect dialect;

	MariaDbEnqueueStore(CallersTransaction transaction, Statements statements, MariaDbDialect dialect) {
		super(transaction, statements, dialect);
		this.dialect = dialect;
	}

	@Override
	List<Enqueued> insertPlain(List<NewJob> jobs) {
		List<Enqueued> inserted = new ArrayList<>();
		for (List<NewJob> portion : portions(jobs)) {
			inserted.addAll(super.insertPlain(portion));
		}
		return inserted;
	}

	@Override
	Inserted insertUnique(List<NewJob> plain, List<NewJob> unique) {
		List<Enqueued> inserted = insertPlain(plain);
		Map<String, NewJob> missing = new LinkedHashMap<>();
		unique.forEach((job) -> missing.put(key(job), job));
		lock(missing.keySet());
		Map<String, Enqueued> byKey = new HashMap<>();
		// A holder may be gone again by the time that it is looked for.
		for (int attempt = 1; byKey.size() < unique.size(); attempt++) {
			if (attempt > ATTEMPTS) {
				throw new CannotAcquireLockException("A unique key was taken and free by turns");
			}
			insertFree(List.copyOf(missing.values()), byKey);
			missing.keySet().removeAll(byKey.keySet());
			findHolders(missing.keySet(), byKey);
			missing.keySet().removeAll(byKey.keySet());
		}
		return new Inserted(inserted, byKey);
	}

	private void lock(Collection<String> keys) {
		List<Integer> locks = keys.stream()
			.map((key) -> Integer.valueOf(key.substring(0, KEY_LOCK_DIGITS), 16))
			.distinct()
			.sorted()
			.toList();
		statements().of(LOCK_KEYS).param("ids", locks).query(Long.class).list();
	}

	private void insertFree(List<NewJob> jobs, Map<String, Enqueued> byKey) {
		for (List<NewJob> portion : portions(jobs)) {
			String insert = this.dialect.insertFreeJobs(JobRows.haveIds(portion));
			statements().of(insert).params(JobRows.parameters(portion)).query((row) -> {
				JobId id = new JobId(row.getLong("id"));
				byKey.put(row.getString("unique_key"), new Enqueued(id, false));
			});
		}
	}

	private void findHolders(Collection<String> keys, Map<String, Enqueued> byKey) {
		if (keys.isEmpty()) {
			return;
		}
		List<Long> holders = new ArrayList<>();
		statements().of(HOLDERS).param("keys", List.copyOf(keys)).query((row) -> {
			holders.add(row.getLong("id"));
			byKey.put(row.getString("unique_key"), new Enqueued(new JobId(row.getLong("id")), true));
		});
		if (!holders.isEmpty()) {
			statements().of(HOLD).param("ids", holders).query(Long.class).list();
		}
	}

	private static String key(NewJob job) {
		return Objects.requireNonNull(JobRows.uniqueKey(job));
	}

	private List<List<NewJob>> portions(List<NewJob> jobs) {
		jobs.stream().filter((job) -> size(job) > PORTION).forEach(this::requireToFit);
		return Portions.of(jobs, MariaDbEnqueueStore::size, PORTION);
	}

	private static long size(NewJob job) {
		long size = job.payload().length();
		for (Map.Entry<String, String> header : job.headers().entrySet()) {
			size += header.getKey().length() + header.getValue().length();
		}
		return size + job.tags().stream().mapToLong(String::length).sum();
	}

	// Asked first: the server would end the connection, and with it the caller's
	// transaction.
	private void requireToFit(NewJob job) {
		long longest = statements().of(LONGEST_STATEMENT).query(Long.class).single();
		long length = STATEMENT_WITHOUT_TEXT
				+ lengthInStatement(Values.json(List.of(job.payload(), job.headers(), job.tags())));
		if (length > longest) {
			throw new InvalidPayloadException("The payload and the headers of this " + job.name()
					+ " make a statement of " + length + " bytes, but max_allowed_packet of the database is " + longest
					+ ": make them smaller, or raise it");
		}
	}

	// In UTF-8, with what the driver puts a backslash before.
	private static long lengthInStatement(String json) {
		long escaped = json.chars().filter((character) -> "\"'\\".indexOf(character) >= 0).count();
		return json.getBytes(StandardCharsets.UTF_8).length + escaped;
	}

}
