package io.jobstarter.testdatabases;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One statement over plain JDBC.
 */
final class Sql {

	private Sql() {
	}

	static void execute(EmbeddedServer server, String url, String sql) {
		try (Connection connection = connect(server, url); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	static String query(EmbeddedServer server, String sql) {
		return query(server, server.jdbcUrl(), sql);
	}

	static String query(EmbeddedServer server, String url, String sql) {
		try (Connection connection = connect(server, url)) {
			return query(connection, sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

	static Connection connect(EmbeddedServer server, String url) throws SQLException {
		return DriverManager.getConnection(url, server.username(), server.password());
	}

}
