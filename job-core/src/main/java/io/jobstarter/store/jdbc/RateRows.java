package io.jobstarter.store.jdbc;

import java.util.Optional;

import io.jobstarter.JobRate;
import io.jobstarter.store.RateWindow;

import org.springframework.dao.DuplicateKeyException;

/**
 * The rows of rates, read and changed in the transaction of the calling thread. Who
 * claims waits for none of them: who holds one may hang.
 */
final class RateRows {

	private static final String LOCK = """
			select name, permits, per_micros, taken, released, released_at, due_at, touched_at,
			    clock_timestamp() as now
			from background_job_rate where name = :name
			for update skip locked
			""";

	private static final String AWAIT = """
			select name, permits, per_micros, taken, released, released_at, due_at, touched_at,
			    clock_timestamp() as now
			from background_job_rate where name = :name
			for update
			""";

	private static final String EXISTS = """
			select count(*) from background_job_rate where name = :name
			""";

	private static final String TAKE = """
			update background_job_rate
			set permits = :permits, per_micros = :per, taken = :taken, touched_at = clock_timestamp()
			where name = :name
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Dialect dialect;

	RateRows(EngineTransactions transactions, Statements statements, Dialect dialect) {
		this.transactions = transactions;
		this.statements = statements;
		this.dialect = dialect;
	}

	/**
	 * Makes sure that there is a row to lock, in a transaction of its own: another node
	 * may insert it as well.
	 * @param name its name
	 * @param rate the rate
	 * @return whether it was missing
	 */
	boolean ensure(String name, JobRate rate) {
		try {
			return this.transactions.execute(() -> {
				if (this.statements.of(EXISTS).param("name", name).query(Long.class).single() > 0) {
					return false;
				}
				this.statements.of(this.dialect.ensureRate())
					.param("name", name)
					.param("permits", rate.permits())
					.param("per", Values.micros(rate.per()))
					.update();
				return true;
			});
		}
		catch (DuplicateKeyException ex) {
			return true;
		}
	}

	/**
	 * Locks a row, unless somebody else has.
	 * @param name its name
	 * @return the row, or empty if it is locked or not there
	 */
	Optional<RateRow> lock(String name) {
		return this.statements.of(LOCK).param("name", name).query((row, number) -> RateRow.of(row)).optional();
	}

	/**
	 * Locks a row, however long that takes.
	 * @param name its name
	 * @return the row, or empty if it is not there
	 */
	Optional<RateRow> await(String name) {
		return this.statements.of(AWAIT).param("name", name).query((row, number) -> RateRow.of(row)).optional();
	}

	/**
	 * Writes what is taken of a rate, whose row is locked.
	 * @param name its name
	 * @param rate the rate
	 * @param window what is taken
	 */
	void take(String name, JobRate rate, RateWindow window) {
		this.statements.of(TAKE)
			.param("name", name)
			.param("permits", rate.permits())
			.param("per", Values.micros(rate.per()))
			.param("taken", window.text())
			.update();
	}

}
