package io.jobstarter.store.jdbc;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.NewJob;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Inserts jobs in the caller's transaction. What a unique key does is the databases' own
 * affair.
 */
abstract class JdbcEnqueueStore implements EnqueueStore {

	private static final String RECORDED = """
			select (select count(*) from background_job_job where id = any (cast(:ids as bigint array)))
			    + (select count(*) from background_job_history where id = any (cast(:ids as bigint array)))
			    + (select count(*) from background_job_dead_letter where job_id = any (cast(:ids as bigint array)))
			""";

	private static final String TAKE_BACK = """
			delete from background_job_job where id = any (cast(:ids as bigint array))
			""";

	private static final NewJob PLACEHOLDER = new NewJob("reserved", "reserved", 0, DueTime.NOW, "{}", Map.of(),
			List.of(), null);

	private final CallersTransaction transaction;

	private final Statements statements;

	private final Savepoints savepoints;

	private final Dialect dialect;

	private final ExpiringKeys expiringKeys;

	private final UniqueConflicts conflicts;

	JdbcEnqueueStore(CallersTransaction transaction, Statements statements, Savepoints savepoints, Dialect dialect) {
		this.transaction = transaction;
		this.statements = statements;
		this.savepoints = savepoints;
		this.dialect = dialect;
		this.expiringKeys = new ExpiringKeys(this);
		this.conflicts = new UniqueConflicts(this, dialect.uniqueKeys(statements));
	}

	@Override
	public List<Enqueued> insert(List<NewJob> jobs) {
		if (jobs.isEmpty()) {
			return List.of();
		}
		return this.transaction.write(() -> insertInOrder(jobs));
	}

	@Override
	public final Optional<List<Enqueued>> insertAtOnce(List<NewJob> jobs) {
		if (jobs.isEmpty() || !insertsInOneStatement() || !areSimple(jobs)) {
			return Optional.empty();
		}
		return this.transaction.atOnce(() -> insertInOrder(jobs));
	}

	/**
	 * Tells whether an insert is a single statement, whatever the jobs: such a one needs
	 * no transaction around it.
	 * @return whether it is
	 */
	boolean insertsInOneStatement() {
		return false;
	}

	@Override
	public final boolean isInTransaction() {
		return this.transaction.isActive();
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Inserts rows and takes them back, which does not give back their ids.
	 */
	@Override
	public List<Long> reserveIds(int count) {
		List<NewJob> placeholders = Collections.nCopies(count, PLACEHOLDER);
		return this.transaction
			.takenBack(() -> insertPlain(placeholders).stream().map((enqueued) -> enqueued.id().value()).toList());
	}

	@Override
	public final boolean isAnyRecorded(List<Long> ids) {
		return !ids.isEmpty() && this.transaction
			.read(() -> this.statements.of(RECORDED).param("ids", Values.ids(ids)).query(Long.class).single() > 0);
	}

	private List<Enqueued> insertInOrder(List<NewJob> jobs) {
		if (jobs.stream().allMatch((job) -> job.unique() == null)) {
			return insertPlain(jobs);
		}
		return insertKeyedInOrder(KeyedJobs.wouldLoseOrder(jobs) ? withIds(jobs) : jobs);
	}

	private List<NewJob> withIds(List<NewJob> jobs) {
		List<Long> ids = nextIds(jobs.size());
		return IntStream.range(0, jobs.size()).mapToObj((i) -> jobs.get(i).withId(ids.get(i))).toList();
	}

	private List<Enqueued> insertKeyedInOrder(List<NewJob> jobs) {
		List<NewJob> plain = jobs.stream().filter((job) -> job.unique() == null).toList();
		List<NewJob> keyed = KeyedJobs.oneOfEachKey(jobs);
		return KeyedJobs.inOrder(jobs,
				areSimple(jobs) ? insertUnique(plain, keyed) : new Inserted(plainOf(plain), insertKeyed(keyed)));
	}

	private static boolean areSimple(List<NewJob> jobs) {
		return jobs.stream().allMatch((job) -> job.unique() == null || job.unique().isSimple());
	}

	private List<Enqueued> plainOf(List<NewJob> jobs) {
		return jobs.isEmpty() ? List.of() : insertPlain(jobs);
	}

	private Map<String, Enqueued> insertKeyed(List<NewJob> jobs) {
		return KeyedJobs.mayBeRefused(jobs) ? this.savepoints.unlessRefused(() -> insertAndResolve(jobs))
				: insertAndResolve(jobs);
	}

	// Those that expire come last, whoever inserts: both kinds of keys are locked in one
	// order.
	private Map<String, Enqueued> insertAndResolve(List<NewJob> jobs) {
		List<NewJob> expiring = jobs.stream().filter(KeyedJobs::expires).toList();
		List<NewJob> others = jobs.stream().filter((job) -> !KeyedJobs.expires(job)).toList();
		Map<String, Enqueued> byKey = new HashMap<>();
		if (!others.isEmpty()) {
			byKey.putAll(insertUnique(List.of(), others).unique());
		}
		byKey.putAll(this.expiringKeys.insert(expiring));
		KeyedJobs.requireNotRefused(jobs, byKey);
		this.conflicts.resolve(jobs, byKey);
		return byKey;
	}

	/**
	 * Takes ids for jobs of this transaction.
	 * @param count how many
	 * @return the ids, ascending
	 */
	List<Long> nextIds(int count) {
		List<Long> ids = insertPlain(Collections.nCopies(count, PLACEHOLDER)).stream()
			.map((enqueued) -> enqueued.id().value())
			.toList();
		this.statements.of(TAKE_BACK).param("ids", Values.ids(ids)).update();
		return ids;
	}

	/**
	 * Inserts jobs without unique keys.
	 * @param jobs the jobs
	 * @return what became of each
	 */
	List<Enqueued> insertPlain(List<NewJob> jobs) {
		return JobRows.enqueued(this.statements.of(insertOf(jobs)).params(JobRows.parameters(jobs)), jobs.size());
	}

	final String insertOf(List<NewJob> jobs) {
		return JobRows.haveIds(jobs) ? this.dialect.insertReservedJobs() : this.dialect.insertJobs();
	}

	final CallersTransaction transaction() {
		return this.transaction;
	}

	final Statements statements() {
		return this.statements;
	}

	/**
	 * Inserts jobs of which some have unique keys.
	 * @param plain those without
	 * @param unique those with keys, each key once and in ascending order
	 * @return what became of them
	 */
	abstract Inserted insertUnique(List<NewJob> plain, List<NewJob> unique);

	/**
	 * Makes sure that each key that expires has a row, which is free if it is a new one,
	 * and waits for others who are making one.
	 * @param keys the keys, in ascending order
	 */
	abstract void ensureExpiringKeys(List<String> keys);

	/**
	 * Makes a statement that reads rows as they are, whatever the caller's transaction
	 * has seen before.
	 * @param statement the statement, which locks what it reads, or changes it
	 * @return the statement
	 */
	JdbcClient.StatementSpec current(String statement) {
		return this.statements.of(statement);
	}

	/**
	 * What was inserted.
	 *
	 * @param plain the jobs without unique keys, in the order given
	 * @param unique the others, by unique key
	 */
	record Inserted(List<Enqueued> plain, Map<String, Enqueued> unique) {
	}

}
