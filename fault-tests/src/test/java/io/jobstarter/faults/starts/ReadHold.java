package io.jobstarter.faults.starts;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

/**
 * Holds up whoever alters a table on MariaDB: a transaction that has read it is open.
 */
final class ReadHold implements AutoCloseable {

	private final Connection connection;

	private ReadHold(Connection connection) {
		this.connection = connection;
	}

	static ReadHold of(DataSource dataSource, String table) throws SQLException {
		Connection connection = dataSource.getConnection();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("select count(*) from " + table);
		}
		return new ReadHold(connection);
	}

	@Override
	public void close() throws SQLException {
		this.connection.rollback();
		this.connection.close();
	}

}
