package io.jobstarter.autoconfigure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

import javax.sql.DataSource;

import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Lets one node at a time migrate. Flyway locks its history table, but not before it has
 * made it: of nodes that start together on a database without one, some would fail.
 * <p>
 * On PostgreSQL it is an advisory lock of a transaction, never of a session, which a
 * pooler would hand on. On MariaDB, whose statements that create tables end transactions,
 * it is a lock of the session: it is given back before the connection is, and ends with
 * the connection of a node that dies. H2 is mostly a database of this process.
 */
final class MigrationLock {

	private static final Log logger = LogFactory.getLog(MigrationLock.class);

	private static final Duration PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

	private static final String TRANSACTION_LOCK = "select pg_try_advisory_xact_lock(hashtextextended(?, 0))";

	// All databases of the server share the names, which are short.
	private static final String SESSION_LOCK_NAME = "md5(concat(database(), '/', ?))";

	private static final String SESSION_LOCK = "select get_lock(" + SESSION_LOCK_NAME + ", 0)";

	private static final String SESSION_UNLOCK = "select release_lock(" + SESSION_LOCK_NAME + ")";

	private static final Object ONE_IN_THIS_PROCESS = new Object();

	private final EngineConnections connections;

	private final String key;

	/**
	 * Makes a lock.
	 * @param connections the database
	 * @param tablePrefix the installation that is migrated
	 */
	MigrationLock(EngineConnections connections, String tablePrefix) {
		this.connections = connections;
		this.key = "background-jobs:" + tablePrefix;
	}

	/**
	 * Waits for the other nodes and migrates.
	 * @param migration migrates the database that it is given
	 * @throws IllegalStateException if another node takes longer than five minutes
	 */
	void whileHeld(Consumer<DataSource> migration) {
		DataSource dataSource = this.connections.dataSource();
		synchronized (ONE_IN_THIS_PROCESS) {
			try (Connection connection = dataSource.getConnection()) {
				switch (connection.getMetaData().getDatabaseProductName()) {
					case "PostgreSQL" -> whileTransactionHolds(connection, () -> migration.accept(dataSource));
					case "MariaDB" -> whileSessionHolds(connection, () -> migration.accept(dataSource));
					// Flyway takes two at once, and a private database in memory has one.
					default -> migration.accept(this.connections.areShared() ? only(connection) : dataSource);
				}
			}
			catch (SQLException ex) {
				throw new IllegalStateException("The lock of the migration failed: " + StartFailure.oneLine(ex), ex);
			}
		}
	}

	private static DataSource only(Connection connection) {
		return new SingleConnectionDataSource(connection, true);
	}

	private void whileTransactionHolds(Connection connection, Runnable migration) throws SQLException {
		connection.setAutoCommit(false);
		try {
			awaitLock(connection, TRANSACTION_LOCK);
			migration.run();
		}
		finally {
			endTransaction(connection);
		}
	}

	private void whileSessionHolds(Connection connection, Runnable migration) throws SQLException {
		awaitLock(connection, SESSION_LOCK);
		try {
			migration.run();
		}
		finally {
			releaseSessionLock(connection);
		}
	}

	// Where the connection is gone, so is the lock.
	private void releaseSessionLock(Connection connection) {
		try {
			ask(connection, SESSION_UNLOCK);
		}
		catch (SQLException ex) {
			logger.debug("The lock of the migration was gone before its end", LoggedError.of(ex));
		}
	}

	// A server may have ended the idle transaction: the migration is none the worse.
	private static void endTransaction(Connection connection) {
		try {
			connection.rollback();
			connection.setAutoCommit(true);
		}
		catch (SQLException ex) {
			logger.debug("The lock of the migration was gone before its end", LoggedError.of(ex));
		}
	}

	private void awaitLock(Connection connection, String lock) throws SQLException {
		long start = System.nanoTime();
		while (!ask(connection, lock)) {
			if (!connection.getAutoCommit()) {
				connection.rollback();
			}
			if (System.nanoTime() - start > LONGEST_WAIT.toNanos()) {
				throw new IllegalStateException("Another node has been migrating for " + LONGEST_WAIT);
			}
			pause();
		}
	}

	private boolean ask(Connection connection, String question) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(question)) {
			statement.setString(1, this.key);
			try (ResultSet result = statement.executeQuery()) {
				result.next();
				return result.getBoolean(1);
			}
		}
	}

	private static void pause() {
		try {
			Thread.sleep(PAUSE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while another node migrated", ex);
		}
	}

}
