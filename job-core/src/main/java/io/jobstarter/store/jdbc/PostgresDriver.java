package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.PGStatement;

import org.springframework.util.ClassUtils;

/**
 * The one place that needs the PostgreSQL driver's own types, which an application on
 * another database lacks.
 */
final class PostgresDriver {

	private static final boolean PRESENT = ClassUtils.isPresent("org.postgresql.PGConnection",
			PostgresDriver.class.getClassLoader());

	private PostgresDriver() {
	}

	/**
	 * Whether a connection is this driver's, so that the other methods can be called.
	 * @param connection the connection, as a pool hands it out
	 * @return whether it is
	 * @throws SQLException if the connection does not tell
	 */
	static boolean isUsedBy(Connection connection) throws SQLException {
		return PRESENT && connection.isWrapperFor(PGConnection.class);
	}

	/**
	 * Waits for notifications.
	 * @param connection a connection that listens
	 * @param timeout how long to wait, not zero
	 * @return the payloads of those that arrived
	 * @throws SQLException if the connection is found broken
	 */
	static List<String> await(Connection connection, Duration timeout) throws SQLException {
		PGNotification[] notifications = connection.unwrap(PGConnection.class)
			.getNotifications((int) timeout.toMillis());
		return (notifications == null) ? List.of()
				: Arrays.stream(notifications).map(PGNotification::getParameter).toList();
	}

	/**
	 * The process of the server, as it was told when the connection was opened.
	 * @param connection the connection
	 * @return what {@code pg_backend_pid()} returns, unless something stands in between
	 * @throws SQLException if the connection does not tell
	 */
	static int backendPid(Connection connection) throws SQLException {
		return connection.unwrap(PGConnection.class).getBackendPID();
	}

	/**
	 * How often a statement runs before the driver prepares it under a name.
	 * @param connection the connection
	 * @return the number; 0 if it never does
	 * @throws SQLException if the connection does not tell
	 */
	static int prepareThreshold(Connection connection) throws SQLException {
		return connection.unwrap(PGConnection.class).getPrepareThreshold();
	}

	/**
	 * Lets a statement be prepared under a name when it runs for the first time.
	 * @param statement the statement
	 * @throws SQLException if it refuses
	 */
	static void prepareAtOnce(PreparedStatement statement) throws SQLException {
		statement.unwrap(PGStatement.class).setPrepareThreshold(1);
	}

}
