package io.jobstarter.faults.starts;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

/**
 * Holds up whoever creates a table on PostgreSQL, in the midst of its migration: another
 * transaction has created one of that name, and nobody knows yet whether it commits.
 */
final class MigrationHold implements AutoCloseable {

	private final Connection connection;

	private MigrationHold(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Holds them up from now on.
	 * @param dataSource the database
	 * @param table the table that they are about to create
	 * @return the hold, which ends when it is closed
	 * @throws SQLException if the table is there
	 */
	static MigrationHold at(DataSource dataSource, String table) throws SQLException {
		Connection connection = dataSource.getConnection();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("create table " + table + " (x int)");
		}
		return new MigrationHold(connection);
	}

	@Override
	public void close() throws SQLException {
		this.connection.rollback();
		this.connection.close();
	}

}
