package io.jobstarter.autoconfigure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Lets one node at a time migrate. Flyway locks its history table, but not before it has
 * made it: of nodes that start together on a database without one, some would fail.
 * <p>
 * On PostgreSQL it is an advisory lock of a transaction, never of a session, which a
 * pooler would hand on. H2 is mostly a database of this process.
 */
final class MigrationLock {

	private static final Log logger = LogFactory.getLog(MigrationLock.class);

	private static final Duration PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

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
				if (connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
					whileHeld(connection, () -> migration.accept(dataSource));
				}
				else {
					// Flyway takes two at once, and a private database in memory has one.
					migration.accept(this.connections.areShared() ? only(connection) : dataSource);
				}
			}
			catch (SQLException ex) {
				throw new IllegalStateException("The lock of the migration failed: " + ex.getMessage(), ex);
			}
		}
	}

	private static DataSource only(Connection connection) {
		return new SingleConnectionDataSource(connection, true);
	}

	private void whileHeld(Connection connection, Runnable migration) throws SQLException {
		connection.setAutoCommit(false);
		try {
			awaitLock(connection);
			migration.run();
		}
		finally {
			release(connection);
		}
	}

	// A server may have ended the idle transaction: the migration is none the worse.
	private static void release(Connection connection) {
		try {
			connection.rollback();
			connection.setAutoCommit(true);
		}
		catch (SQLException ex) {
			logger.debug("The lock of the migration was gone before its end", ex);
		}
	}

	private void awaitLock(Connection connection) throws SQLException {
		long start = System.nanoTime();
		while (!tryLock(connection)) {
			connection.rollback();
			if (System.nanoTime() - start > LONGEST_WAIT.toNanos()) {
				throw new IllegalStateException("Another node has been migrating for " + LONGEST_WAIT);
			}
			pause();
		}
	}

	private boolean tryLock(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("select pg_try_advisory_xact_lock(hashtextextended(?, 0))")) {
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
