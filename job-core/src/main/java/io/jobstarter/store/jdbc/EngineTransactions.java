package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.jobstarter.support.LoggedError;
import io.jobstarter.support.NetworkPatience;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The engine's own short transactions: READ COMMITTED and read-write whatever the data
 * source's default is, bounded in time, and repeated when the database asks for it. They
 * are never part of a transaction of the calling thread.
 */
final class EngineTransactions {

	/**
	 * What a transaction of PostgreSQL may do, and how it is planned. No statement of the
	 * engine waits long, and a node that hangs in the middle of a transaction loses it.
	 * Plans are pinned to nested loops over indexes: one that was made and kept while the
	 * table was empty would read all of it later.
	 */
	static final String POSTGRES_BOUNDS = bounds("5s");

	/** The same for who has no time to wait for locks. */
	static final String POSTGRES_SHORT_BOUNDS = bounds("1s");

	private static String bounds(String lockTimeout) {
		return """
				select set_config('statement_timeout', '20s', true), set_config('lock_timeout', '%s', true),
				    set_config('idle_in_transaction_session_timeout', '20s', true),
				    set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
				    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
				    set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true);
				""".formatted(lockTimeout);
	}

	/**
	 * Sets up one transaction of PostgreSQL and leaves the session alone, which may be
	 * shared through a pool with others.
	 */
	static final String POSTGRES_SETTINGS = """
			set transaction isolation level read committed read write;
			""" + POSTGRES_BOUNDS;

	/**
	 * Sets up one transaction of MariaDB, which cannot be told on its own how long it may
	 * take: each statement is, see {@link #MARIADB_BOUNDS}. The transaction begins at
	 * once: if the first statement failed before it began, the isolation would be left to
	 * the next user of the connection.
	 */
	private static final List<String> MARIADB_SETTINGS = List.of("set transaction isolation level read committed",
			"start transaction read write");

	/** What bounds a statement of MariaDB without touching the session: its beginning. */
	static final String MARIADB_BOUNDS = "set statement max_statement_time = 20, innodb_lock_wait_timeout = 5, "
			+ "lock_wait_timeout = 5 for ";

	// deadlock, serialization failure, lock timeout: of PostgreSQL, of H2, of MariaDB
	private static final Set<String> TRANSIENT = Set.of("40P01", "40001", "55P03", "HYT00");

	// of MariaDB: lock wait timeout, row changed since the snapshot, deadlock
	private static final Set<Integer> TRANSIENT_CODES = Set.of(1205, 1020, 1213);

	// of PostgreSQL: a write, and "read write"; of MariaDB: by an option, by a mode
	private static final Set<String> READ_ONLY = Set.of("25006", "0A000");

	private static final Set<Integer> READ_ONLY_CODES = Set.of(1290, 1836);

	private static final Set<String> CONFLICTS = Set.of("40P01", "40001");

	private static final Set<Integer> CONFLICT_CODES = Set.of(1020, 1213);

	private static final int ATTEMPTS = 5;

	private final TransactionTemplate complete;

	private final TransactionTemplate bare;

	private EngineTransactions(TransactionTemplate complete, TransactionTemplate bare) {
		this.complete = complete;
		this.bare = bare;
	}

	static EngineTransactions postgres(DataSource dataSource) {
		return new EngineTransactions(template(new StatementTransactionManager(dataSource, List.of(POSTGRES_SETTINGS))),
				template(new StatementTransactionManager(dataSource, List.of())));
	}

	static EngineTransactions mariaDb(DataSource dataSource) {
		TransactionTemplate template = template(new StatementTransactionManager(dataSource, MARIADB_SETTINGS));
		return new EngineTransactions(template, template);
	}

	static EngineTransactions h2(DataSource dataSource) {
		TransactionTemplate template = template(new JdbcTransactionManager(dataSource));
		template.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		return new EngineTransactions(template, template);
	}

	private static TransactionTemplate template(JdbcTransactionManager transactionManager) {
		TransactionTemplate template = new TransactionTemplate(transactionManager);
		template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return template;
	}

	/**
	 * Runs statements in a transaction of their own.
	 * @param statements the statements: run again when the database gives the transaction
	 * up, so they have no other effects
	 * @return what the statements return
	 */
	<T> T execute(Supplier<T> statements) {
		return execute(this.complete, statements);
	}

	/**
	 * Like {@link #execute}, but fails when the database gives the transaction up.
	 * @param statements the statements
	 * @return what the statements return
	 */
	@SuppressWarnings("NullAway") // the callback returns what the supplier does
	<T> T executeOnce(Supplier<T> statements) {
		return this.complete.execute((status) -> statements.get());
	}

	/**
	 * Like {@link #execute}, for a statement that brings {@link #POSTGRES_SETTINGS}
	 * itself and so saves a round trip.
	 * @param statement the statement
	 * @return what the statement returns
	 */
	<T> T executeBare(Supplier<T> statement) {
		return execute(this.bare, statement);
	}

	/**
	 * Runs what only reads, in one round trip, without a transaction around it: the
	 * server makes one for the round trip, which saves begin and commit. It brings
	 * {@link #POSTGRES_BOUNDS} itself.
	 * @param statement the statement
	 * @return what the statement returns
	 */
	<T> T alone(Supplier<T> statement) {
		return repeat(statement);
	}

	@SuppressWarnings("NullAway") // the callback returns what the supplier does
	private static <T> T execute(TransactionTemplate template, Supplier<T> statements) {
		return repeat(() -> template.execute((status) -> statements.get()));
	}

	private static <T> T repeat(Supplier<T> statements) {
		for (int attempt = 1;; attempt++) {
			try {
				return statements.get();
			}
			catch (DataAccessException ex) {
				if (attempt == ATTEMPTS || !isTransient(ex)) {
					throw ex;
				}
				pause(attempt);
			}
		}
	}

	/**
	 * Tells whether the database has given a transaction up that may well succeed later.
	 * @param ex what it said
	 * @return whether it has: then nothing of the transaction is left
	 */
	static boolean isTransient(DataAccessException ex) {
		return ex instanceof ConcurrencyFailureException || tells(ex, TRANSIENT, TRANSIENT_CODES);
	}

	/**
	 * Tells whether the database has given a whole transaction up since it met another
	 * one, rather than a statement that has waited for a lock.
	 * @param ex what it said
	 * @return whether it has
	 */
	static boolean isConflict(DataAccessException ex) {
		return tells(ex, CONFLICTS, CONFLICT_CODES);
	}

	/**
	 * Tells whether a server takes no writes, as an old primary does after a failover.
	 * @param ex what it said
	 * @return whether it does not
	 */
	static boolean isReadOnly(DataAccessException ex) {
		return tells(ex, READ_ONLY, READ_ONLY_CODES);
	}

	private static boolean tells(DataAccessException ex, Set<String> states, Set<Integer> codes) {
		return Stream.<Throwable>iterate(ex, Objects::nonNull, Throwable::getCause)
			.anyMatch((cause) -> cause instanceof SQLException sql && (codes.contains(sql.getErrorCode())
					|| (sql.getSQLState() != null && states.contains(sql.getSQLState()))));
	}

	// Not a sleep: an interrupt that is meant for user code must not break bookkeeping.
	private static void pause(int attempt) {
		long longest = TimeUnit.MILLISECONDS.toNanos(20L << attempt);
		LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest / 4, longest));
	}

	/**
	 * Begins transactions with statements instead of the connection's setters, which
	 * change the session on PostgreSQL and MariaDB.
	 */
	private static final class StatementTransactionManager extends JdbcTransactionManager {

		private final List<String> settings;

		private final ThreadLocal<Integer> patienceBefore = new ThreadLocal<>();

		StatementTransactionManager(DataSource dataSource, List<String> settings) {
			super(dataSource);
			this.settings = settings;
		}

		// A connection that is gone has rolled back. What the statement failed with says
		// more, and Spring would log each of these as an error.
		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			try {
				super.doRollback(status);
			}
			catch (TransactionException | DataAccessException ex) {
				this.logger.debug("The rollback failed", LoggedError.of(ex));
			}
		}

		@Override
		protected void prepareTransactionalConnection(Connection connection, TransactionDefinition definition)
				throws SQLException {
			int before = NetworkPatience.impose(connection);
			try {
				prepare(connection);
				this.patienceBefore.set(before);
			}
			catch (SQLException ex) {
				NetworkPatience.lift(connection, before);
				throw ex;
			}
		}

		private void prepare(Connection connection) throws SQLException {
			// A pool without auto-commit may hand out a connection in the middle of the
			// transaction of its own test query.
			connection.rollback();
			for (String setting : this.settings) {
				try (PreparedStatement statement = connection.prepareStatement(setting)) {
					statement.execute();
				}
			}
		}

		@Override
		protected void doCleanupAfterCompletion(Object transaction) {
			Integer before = this.patienceBefore.get();
			this.patienceBefore.remove();
			JdbcTransactionObjectSupport begun = (JdbcTransactionObjectSupport) transaction;
			if (before != null && begun.hasConnectionHolder()) {
				NetworkPatience.lift(begun.getConnectionHolder().getConnection(), before);
			}
			super.doCleanupAfterCompletion(transaction);
		}

	}

}
