package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.jobstarter.support.NetworkPatience;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * Runs a statement of PostgreSQL in one round trip together with what it needs: begin and
 * the settings of its transaction. So it stands first in a transaction that
 * {@link EngineTransactions#executeBare} begins, and others may follow.
 */
final class PostgresRoundTrip {

	private final NamedParameterJdbcTemplate jdbc;

	private final SqlText text;

	PostgresRoundTrip(DataSource dataSource, SqlText text) {
		this.jdbc = new NamedParameterJdbcTemplate(dataSource);
		this.text = text;
	}

	/**
	 * Runs a statement.
	 * @param statement the settings, which begin with
	 * {@link EngineTransactions#POSTGRES_SETTINGS}, and the statement
	 * @param parameters its parameters
	 * @param mapper reads its rows
	 * @return its rows
	 */
	<T> List<T> query(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return this.jdbc.execute(this.text.of(statement), parameters, (prepared) -> readLastResult(prepared, mapper));
	}

	/**
	 * Runs a statement that only reads, with no transaction around it: the server makes
	 * one for the round trip. A connection that a pool hands out without auto-commit is
	 * given back without that transaction.
	 * @param statement the settings, and the statement
	 * @param parameters its parameters
	 * @param mapper reads its rows
	 * @return its rows
	 */
	<T> List<T> read(String statement, Map<String, Object> parameters, RowMapper<T> mapper) {
		return alone(statement, parameters, mapper, Connection::rollback);
	}

	/**
	 * Runs a statement that changes something, with no transaction around it: the server
	 * makes one for the round trip, by the defaults of the session. A connection that a
	 * pool hands out without auto-commit needs another round trip.
	 * @param statement the settings, and the statement
	 * @param parameters its parameters
	 * @param mapper reads its rows
	 * @return its rows
	 */
	<T> List<T> write(String statement, Map<String, ? extends @Nullable Object> parameters, RowMapper<T> mapper) {
		return alone(statement, parameters, mapper, Connection::commit);
	}

	private <T> List<T> alone(String statement, Map<String, ? extends @Nullable Object> parameters, RowMapper<T> mapper,
			Ending ending) {
		return this.jdbc.execute(this.text.of(statement), parameters, (prepared) -> {
			Connection connection = prepared.getConnection();
			int patience = NetworkPatience.impose(connection);
			try {
				List<T> rows = readLastResult(prepared, mapper);
				if (!connection.getAutoCommit()) {
					ending.end(connection);
				}
				return rows;
			}
			finally {
				NetworkPatience.lift(connection, patience);
			}
		});
	}

	// The settings return results of their own, which come first.
	private static <T> List<T> readLastResult(PreparedStatement statement, RowMapper<T> mapper) throws SQLException {
		List<T> rows = List.of();
		boolean more = statement.execute();
		while (more || statement.getUpdateCount() != -1) {
			if (more && isWanted(statement)) {
				rows = read(statement.getResultSet(), mapper);
			}
			more = statement.getMoreResults();
		}
		return rows;
	}

	private static boolean isWanted(PreparedStatement statement) throws SQLException {
		String column = statement.getResultSet().getMetaData().getColumnName(1);
		return !"set_config".equals(column);
	}

	private static <T> List<T> read(ResultSet result, RowMapper<T> mapper) throws SQLException {
		List<T> rows = new ArrayList<>();
		while (result.next()) {
			rows.add(mapper.mapRow(result, rows.size()));
		}
		return rows;
	}

	/**
	 * Ends a transaction that the connection began by itself.
	 */
	@FunctionalInterface
	private interface Ending {

		void end(Connection connection) throws SQLException;

	}

}
