package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * The one place that needs the PostgreSQL driver's own types, which an application on
 * another database lacks.
 */
final class Notifications {

	private Notifications() {
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

}
