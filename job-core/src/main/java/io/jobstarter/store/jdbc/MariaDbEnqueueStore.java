package io.jobstarter.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;

import io.jobstarter.Enqueued;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobId;
import io.jobstarter.store.NewJob;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Inserts jobs on MariaDB, at whatever isolation the caller has.
 * <p>
 * A unique key is a row of {@code unique_key}, found by its primary key alone: no gap is
 * locked, whether it is free or taken. Who meets a taken one keeps a shared lock on its
 * row until his transaction ends, so the key is not freed before. A row of
 * {@code key_lock}, which is there already and stays, lets those who want the same key
 * come one by one.
 */
final class MariaDbEnqueueStore extends JdbcEnqueueStore {

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

	// Waits for a claim or an end that is freeing a key. What is taken stays locked.
	private static final String TAKE_KEYS = """
			insert ignore into background_job_unique_key (unique_key, job_id)
			select u.unique_key, coalesce(u.id, nextval(background_job_job_id))
			from json_table(:rows.uniqueKeys.ids, '$[*]' columns (
			    unique_key varchar(64) character set ascii path '$[0]', id bigint path '$[1]')) u
			returning unique_key, job_id
			""";

	private static final String HOLDERS = """
			select unique_key, job_id from background_job_unique_key force index (primary)
			where unique_key in (:keys)
			lock in share mode
			""";

	private static final String HAS_SNAPSHOT_ISOLATION = """
			select count(*) from information_schema.system_variables
			where variable_name = 'INNODB_SNAPSHOT_ISOLATION'
			""";

	// A key that was taken after the caller's snapshot is a duplicate all the same. The
	// server would roll back the caller's transaction.
	private static final String BEYOND_SNAPSHOT = "set statement innodb_snapshot_isolation = off for ";

	private static final String NEXT_IDS = """
			select nextval(background_job_job_id)
			from json_table(:rows.numbers, '$[*]' columns (number bigint path '$[0]')) n
			""";

	private static final String WRITE = """
			insert into background_job_unique_key (unique_key, job_id) values (:key, 0)
			""";

	private static final String ENSURE_EXPIRING_KEYS = """
			insert ignore into background_job_expiring_key (unique_key, job_id, expires_at)
			select u.unique_key, 0, utc_timestamp(6)
			from json_table(:rows.keys, '$[*]' columns (
			    unique_key varchar(64) character set ascii path '$[0]')) u
			""";

	private final MariaDbUniqueKeys keys;

	private volatile @Nullable Boolean snapshotIsolation;

	MariaDbEnqueueStore(CallersTransaction transaction, Statements statements, Savepoints savepoints,
			MariaDbDialect dialect) {
		super(transaction, statements, savepoints, dialect);
		this.keys = new MariaDbUniqueKeys(statements);
	}

	@Override
	List<Enqueued> insertPlain(List<NewJob> jobs) {
		List<Enqueued> inserted = new ArrayList<>();
		for (List<NewJob> portion : portions(jobs)) {
			inserted.addAll(super.insertPlain(portion));
		}
		return inserted;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Committed together with something that is written, if only to be deleted: a commit
	 * of nothing would not flush the log, and a crash might give the same ids again.
	 */
	@Override
	public List<Long> reserveIds(int count) {
		return transaction().apart(() -> {
			List<Long> ids = nextIds(count);
			String key = UUID.randomUUID().toString();
			statements().of(WRITE).param("key", key).update();
			this.keys.free(List.of(key));
			return ids;
		});
	}

	@Override
	List<Long> nextIds(int count) {
		return statements().of(NEXT_IDS)
			.param("numbers", LongStream.range(0, count).boxed().toArray(Long[]::new))
			.query(Long.class)
			.list()
			.stream()
			.sorted()
			.toList();
	}

	@Override
	Inserted insertUnique(List<NewJob> plain, List<NewJob> unique) {
		List<Enqueued> inserted = insertPlain(plain);
		lock(unique.stream().map(MariaDbEnqueueStore::key).toList());
		Map<String, Enqueued> byKey = new HashMap<>();
		for (List<NewJob> portion : portions(unique)) {
			byKey.putAll(insertFree(portion));
			findHolders(portion, byKey);
		}
		return new Inserted(inserted, byKey);
	}

	@Override
	void ensureExpiringKeys(List<String> keys) {
		lock(keys);
		current(ENSURE_EXPIRING_KEYS).param("keys", keys.toArray(String[]::new)).update();
	}

	@Override
	JdbcClient.StatementSpec current(String statement) {
		return statements().of(beyondSnapshot(statement));
	}

	private void lock(Collection<String> keys) {
		List<Integer> locks = keys.stream()
			.map((key) -> Integer.valueOf(key.substring(0, KEY_LOCK_DIGITS), 16))
			.distinct()
			.sorted()
			.toList();
		statements().of(LOCK_KEYS).param("ids", locks).query(Long.class).list();
	}

	private Map<String, Enqueued> insertFree(List<NewJob> jobs) {
		Map<String, Enqueued> taken = new HashMap<>();
		current(TAKE_KEYS).params(JobRows.parameters(jobs)).query((row) -> {
			taken.put(row.getString("unique_key"), new Enqueued(new JobId(row.getLong("job_id")), false));
		});
		if (taken.isEmpty()) {
			return taken;
		}
		try {
			super.insertPlain(jobs.stream()
				.filter((job) -> taken.containsKey(key(job)))
				.map((job) -> job.withId(Objects.requireNonNull(taken.get(key(job))).id().value()))
				.toList());
			return taken;
		}
		catch (DataAccessException ex) {
			giveBack(taken.keySet(), ex);
			throw ex;
		}
	}

	// The caller may go on with his transaction, and commit it.
	private void giveBack(Collection<String> keys, DataAccessException failure) {
		try {
			this.keys.free(keys);
		}
		catch (DataAccessException ex) {
			failure.addSuppressed(ex);
		}
	}

	// They are there: insert ignore has locked what it met until the end of the
	// transaction.
	private void findHolders(List<NewJob> jobs, Map<String, Enqueued> byKey) {
		List<String> keys = jobs.stream()
			.map(MariaDbEnqueueStore::key)
			.filter((key) -> !byKey.containsKey(key))
			.toList();
		if (!keys.isEmpty()) {
			current(HOLDERS).param("keys", keys).query((row) -> {
				byKey.put(row.getString("unique_key"), new Enqueued(new JobId(row.getLong("job_id")), true));
			});
		}
	}

	// Asked once: old servers do not know the variable.
	private String beyondSnapshot(String statement) {
		Boolean known = this.snapshotIsolation;
		if (known == null) {
			known = statements().of(HAS_SNAPSHOT_ISOLATION).query(Long.class).single() > 0;
			this.snapshotIsolation = known;
		}
		return known ? BEYOND_SNAPSHOT + statement : statement;
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
