package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * Finds out by trying what a pooler does to a connection of the PostgreSQL driver, which
 * is in auto-commit mode. Its own statements are of the kind that the driver does not
 * prepare.
 */
final class PoolerProbe {

	// With nobody else around, the first is enough; with many, sessions change all the
	// time.
	private static final int ROUNDS = 10;

	private static final Pattern NAME_OF_THE_DRIVER = Pattern.compile("S_\\d+");

	private final Connection connection;

	PoolerProbe(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Whether somebody else than the server has answered when the connection was opened.
	 * @return whether it has
	 * @throws SQLException if the connection fails
	 */
	boolean isBehindPooler() throws SQLException {
		return PostgresDriver.backendPid(this.connection) != session(this.connection);
	}

	/**
	 * Whether two clients are seen in one session, or one client in two sessions.
	 * @param other where to get another client, if there is one
	 * @return whether they are
	 * @throws SQLException if a connection fails
	 */
	boolean sharesSessionsWith(@Nullable DataSource other) throws SQLException {
		if (other == null) {
			return changesSession(this.connection);
		}
		try (Connection another = other.getConnection()) {
			return inAutoCommit(another, (client) -> sharesSessions(this.connection, client));
		}
	}

	/**
	 * Looks at a connection outside of transactions, since one keeps its session.
	 * @param connection the connection
	 * @param look looks at it
	 * @return what the look returns
	 * @throws SQLException if it fails; the connection is of no use then
	 */
	static <T> T inAutoCommit(Connection connection, Look<T> look) throws SQLException {
		boolean before = connection.getAutoCommit();
		connection.setAutoCommit(true);
		T seen = look.at(connection);
		connection.setAutoCommit(before);
		return seen;
	}

	private static boolean changesSession(Connection client) throws SQLException {
		Set<Integer> sessions = new HashSet<>();
		for (int round = 0; round < ROUNDS; round++) {
			sessions.add(session(client));
		}
		return sessions.size() > 1;
	}

	private static boolean sharesSessions(Connection one, Connection other) throws SQLException {
		Set<Integer> ofOne = new HashSet<>();
		Set<Integer> ofOther = new HashSet<>();
		for (int round = 0; round < ROUNDS; round++) {
			ofOne.add(session(one));
			ofOther.add(session(other));
			if (ofOne.size() > 1 || ofOther.size() > 1 || ofOne.equals(ofOther)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether the driver gives names to statements under which the server then knows
	 * them. Poolers that can share prepared statements rename them.
	 * @return whether it does
	 * @throws SQLException if the connection fails, allows no transactions, or if another
	 * client's statement has the name
	 */
	boolean keepsNames() throws SQLException {
		execute("begin");
		try {
			String name = (PostgresDriver.prepareThreshold(this.connection) != 0) ? nameOfPrepared() : null;
			boolean kept = name != null && NAME_OF_THE_DRIVER.matcher(name).matches();
			if (kept) {
				execute("deallocate \"" + name + "\"");
			}
			return kept;
		}
		finally {
			execute("rollback");
		}
	}

	// Finds itself. Never the same twice: the driver takes it for prepared from now on.
	private @Nullable String nameOfPrepared() throws SQLException {
		String sql = "select name from pg_prepared_statements where statement like '%" + UUID.randomUUID() + "%'";
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			PostgresDriver.prepareAtOnce(statement);
			try (ResultSet result = statement.executeQuery()) {
				return result.next() ? result.getString(1) : null;
			}
		}
	}

	private static int session(Connection client) throws SQLException {
		try (Statement statement = client.createStatement();
				ResultSet result = statement.executeQuery("select pg_backend_pid()")) {
			result.next();
			return result.getInt(1);
		}
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Looks at a connection.
	 *
	 * @param <T> what is seen
	 */
	interface Look<T> {

		T at(Connection connection) throws SQLException;

	}

}
