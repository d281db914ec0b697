package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.NewJob;

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

	private static final NewJob PLACEHOLDER = new NewJob("reserved", "reserved", 0, DueTime.NOW, "{}", Map.of(),
			List.of(), null);

	private final CallersTransaction transaction;

	private final Statements statements;

	private final Dialect dialect;

	JdbcEnqueueStore(CallersTransaction transaction, Statements statements, Dialect dialect) {
		this.transaction = transaction;
		this.statements = statements;
		this.dialect = dialect;
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
		if (jobs.isEmpty() || !insertsInOneStatement()) {
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
		List<NewJob> plain = jobs.stream().filter((job) -> job.unique() == null).toList();
		Inserted inserted = insertUnique(plain, firstOfEachKey(jobs));
		return inKeyOrder(jobs, inserted);
	}

	// In the order of the keys, whatever the order of the jobs: two callers who insert
	// the
	// same keys must not wait for each other.
	private static List<NewJob> firstOfEachKey(List<NewJob> jobs) {
		Map<String, NewJob> first = new LinkedHashMap<>();
		for (NewJob job : jobs) {
			String key = JobRows.uniqueKey(job);
			if (key != null) {
				first.putIfAbsent(key, job);
			}
		}
		return first.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
			.map(Map.Entry::getValue)
			.toList();
	}

	private static List<Enqueued> inKeyOrder(List<NewJob> jobs, Inserted inserted) {
		List<Enqueued> result = new ArrayList<>(jobs.size());
		Map<String, Enqueued> byKey = new HashMap<>(inserted.unique());
		int next = 0;
		for (NewJob job : jobs) {
			String key = JobRows.uniqueKey(job);
			if (key == null) {
				result.add(inserted.plain().get(next++));
			}
			else {
				Enqueued enqueued = Objects.requireNonNull(byKey.get(key));
				result.add(enqueued);
				byKey.put(key, new Enqueued(enqueued.id(), true));
			}
		}
		return result;
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
	 * What was inserted.
	 *
	 * @param plain the jobs without unique keys, in the order given
	 * @param unique the others, by unique key
	 */
	record Inserted(List<Enqueued> plain, Map<String, Enqueued> unique) {
	}

}
