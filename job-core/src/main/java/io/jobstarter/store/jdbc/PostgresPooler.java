package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * A pooler that stands between the application and its PostgreSQL server, such as
 * PgBouncer, and what it does to database sessions.
 *
 * @param sharesSessions whether it was seen to give one session to several clients by
 * turns, as PgBouncer does in transaction mode. {@code false} may mean that it does not,
 * or that nobody else was there to be seen
 * @param keepsNames whether the driver prepares statements under names, and the pooler
 * hands these on as they are: clients that share a session then meet each other's
 * statements
 * @param prepareThreshold how often a statement runs before the driver gives it a name
 */
public record PostgresPooler(boolean sharesSessions, boolean keepsNames, int prepareThreshold) {

	/**
	 * Looks for a pooler. Leaves no trace in the sessions that it uses.
	 * @param application the connections in question
	 * @param other further connections to the same database, set up in the same way; if
	 * there are none, sharing is rarely seen
	 * @return the pooler, or empty if there is none or the database is not PostgreSQL
	 * @throws SQLException if there is no connection, or if the pooler cannot be worked
	 * with: it allows no transactions, or a statement's name is taken already
	 */
	public static Optional<PostgresPooler> before(DataSource application, @Nullable DataSource other)
			throws SQLException {
		try (Connection connection = application.getConnection()) {
			if (!PostgresDriver.isUsedBy(connection)) {
				return Optional.empty();
			}
			return PoolerProbe.inAutoCommit(connection, (client) -> before(client, other));
		}
	}

	private static Optional<PostgresPooler> before(Connection connection, @Nullable DataSource other)
			throws SQLException {
		PoolerProbe probe = new PoolerProbe(connection);
		if (!probe.isBehindPooler()) {
			return Optional.empty();
		}
		// Names first: there are poolers that keep a session for whoever prepares.
		boolean keepsNames = probe.keepsNames();
		return Optional.of(new PostgresPooler(probe.sharesSessionsWith(other), keepsNames,
				PostgresDriver.prepareThreshold(connection)));
	}

}
