package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.jobstarter.JobRate;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;

/**
 * The rows of rates, read and changed in the transaction of the calling thread.
 */
final class RateRows {

	private static final String LOCK_UNLESS_LOCKED = """
			select name, permits, per_micros, taken, released, released_at, due_at, touched_at,
			    clock_timestamp() as now, %s as bound
			from background_job_rate where name = :name
			for update skip locked
			""";

	private static final String LOCK = """
			select name, permits, per_micros, taken, released, released_at, due_at, touched_at,
			    clock_timestamp() as now, %s as bound
			from background_job_rate
			where name = any (cast(:names as varchar array))
			order by name
			for update
			""";

	private static final String EXISTS = """
			select count(*) from background_job_rate where name = :name
			""";

	private final String lock;

	private final String lockUnlessLocked;

	private final Statements statements;

	private final Dialect dialect;

	RateRows(Statements statements, Dialect dialect) {
		this.statements = statements;
		this.dialect = dialect;
		this.lock = LOCK.formatted(dialect.boundOfRate());
		this.lockUnlessLocked = LOCK_UNLESS_LOCKED.formatted(dialect.boundOfRate());
	}

	boolean exists(String name) {
		return this.statements.of(EXISTS).param("name", name).query(Long.class).single() > 0;
	}

	/**
	 * Inserts a row unless there is one.
	 * @param name its name
	 * @param rate the rate
	 */
	void ensure(String name, JobRate rate) {
		try {
			this.statements.of(this.dialect.ensureRate())
				.param("name", name)
				.param("permits", rate.permits())
				.param("per", Values.micros(rate.per()))
				.update();
		}
		catch (DuplicateKeyException ex) {
			// Somebody else did. That is as good.
		}
	}

	/**
	 * Locks a row, unless somebody else has.
	 * @param name its name
	 * @return the row, or empty if it is locked or not there
	 */
	Optional<RateRow> lockUnlessLocked(String name) {
		return this.statements.of(this.lockUnlessLocked)
			.param("name", name)
			.query((row, number) -> RateRow.of(row))
			.optional();
	}

	/**
	 * Locks rows, in the order of their names, and inserts those that there are not.
	 * @param rates the rates, by the names of their rows
	 * @return the rows, by name
	 */
	Map<String, RateRow> lock(Map<String, JobRate> rates) {
		Map<String, RateRow> rows = lock(rates.keySet());
		Map<String, JobRate> missing = new TreeMap<>(rates);
		missing.keySet().removeAll(rows.keySet());
		if (!missing.isEmpty()) {
			missing.forEach(this::ensure);
			rows.putAll(lock(missing.keySet()));
		}
		return rows;
	}

	private Map<String, RateRow> lock(Collection<String> names) {
		Map<String, RateRow> rows = new LinkedHashMap<>();
		this.statements.of(this.lock)
			.param("names", names.toArray(String[]::new))
			.query((row, number) -> RateRow.of(row))
			.list()
			.forEach((row) -> rows.put(row.name(), row));
		return rows;
	}

	/**
	 * Changes rows that are locked.
	 * @param changes the changes, each row once
	 */
	void change(List<RateChange> changes) {
		if (changes.isEmpty()) {
			return;
		}
		this.statements.of(this.dialect.changeRates())
			.param("names", changes.stream().map(RateChange::name).toArray(String[]::new))
			.param("permits", changes.stream().map((change) -> change.rate().permits()).toArray(Integer[]::new))
			.param("pers", changes.stream().map((change) -> Values.micros(change.rate().per())).toArray(Long[]::new))
			.param("takings", changes.stream().map((change) -> change.window().text()).toArray(String[]::new))
			.param("released", changes.stream().map(RateChange::released).toArray(Integer[]::new))
			.param("releasesNow", changes.stream().map(RateRows::releasesNow).toArray(Short[]::new))
			.param("dueIns", changes.stream().map(RateRows::dueIn).toArray(Long[]::new))
			.update();
	}

	private static Short releasesNow(RateChange change) {
		return (short) (change.releasesNow() ? 1 : 0);
	}

	private static @Nullable Long dueIn(RateChange change) {
		return change.dueIn();
	}

}
