package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.jobstarter.DuplicateJobException;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Lets a statement fail without the caller's transaction. Where all of them fail, as on a
 * disk that is full, the log hears of one now and then.
 */
final class Savepoints {

	private static final Log logger = LogFactory.getLog(Savepoints.class);

	private static final int MAX_SHOWN = 500;

	private static final long LOG_INTERVAL = TimeUnit.SECONDS.toNanos(10);

	private final JdbcTemplate jdbc;

	private final LongSupplier nanoTime;

	private final LongAdder failures = new LongAdder();

	private final AtomicLong quietUntil;

	Savepoints(DataSource dataSource) {
		this(dataSource, System::nanoTime);
	}

	Savepoints(DataSource dataSource, LongSupplier nanoTime) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.nanoTime = nanoTime;
		this.quietUntil = new AtomicLong(nanoTime.getAsLong());
	}

	/**
	 * Runs a statement whose failure is undone, counted, and logged every ten seconds.
	 * @param what what it does, for the log
	 * @param statement the statement
	 */
	void tryTo(String what, Runnable statement) {
		this.jdbc.execute((ConnectionCallback<Boolean>) (connection) -> {
			if (connection.getAutoCommit()) {
				return run(what, statement);
			}
			Savepoint savepoint = connection.setSavepoint();
			DataAccessException failure = failureOf(statement);
			if (failure != null) {
				rollback(connection, savepoint, failure);
				report(what, failure);
			}
			connection.releaseSavepoint(savepoint);
			return failure == null;
		});
	}

	/**
	 * Runs statements that somebody may refuse. What they did is undone then, and the
	 * transaction goes on.
	 * @param <T> what they return
	 * @param statements the statements
	 * @return what they returned
	 * @throws DuplicateJobException if they throw it
	 */
	@SuppressWarnings("NullAway") // the callback returns what the supplier does
	<T> T unlessRefused(Supplier<T> statements) {
		return this.jdbc.execute((ConnectionCallback<T>) (connection) -> {
			Savepoint savepoint = connection.setSavepoint();
			try {
				T result = statements.get();
				connection.releaseSavepoint(savepoint);
				return result;
			}
			catch (DuplicateJobException ex) {
				connection.rollback(savepoint);
				connection.releaseSavepoint(savepoint);
				throw ex;
			}
		});
	}

	/**
	 * Counts the statements that failed.
	 * @return how many there were
	 */
	long failures() {
		return this.failures.sum();
	}

	private boolean run(String what, Runnable statement) {
		DataAccessException failure = failureOf(statement);
		if (failure != null) {
			report(what, failure);
		}
		return failure == null;
	}

	private static @Nullable DataAccessException failureOf(Runnable statement) {
		try {
			statement.run();
			return null;
		}
		catch (DataAccessException ex) {
			return ex;
		}
	}

	// MariaDB undoes the whole transaction in a deadlock, and the savepoint with it: the
	// deadlock is what the caller has to hear of.
	private static void rollback(Connection connection, Savepoint savepoint, DataAccessException failure) {
		try {
			connection.rollback(savepoint);
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
			throw failure;
		}
	}

	private void report(String what, DataAccessException failure) {
		this.failures.increment();
		long now = this.nanoTime.getAsLong();
		long until = this.quietUntil.get();
		if (now - until >= 0 && this.quietUntil.compareAndSet(until, now + LOG_INTERVAL)) {
			logger.warn("Could not " + what + ", going on without (" + failures() + " times since the start): "
					+ CleanText.oneLine(failure, MAX_SHOWN));
		}
	}

}
