package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A connection that listens, and so is never given back to a pool as it is.
 */
final class ListeningConnection {

	private static final Log logger = LogFactory.getLog(ListeningConnection.class);

	private final Connection connection;

	private boolean listens;

	private ListeningConnection(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Opens a connection that does not listen yet.
	 * @param dataSource where from
	 * @param networkTimeout how long to wait for an answer
	 * @return the connection
	 * @throws SQLException if there is none
	 */
	static ListeningConnection open(DataSource dataSource, Duration networkTimeout) throws SQLException {
		ListeningConnection opened = new ListeningConnection(dataSource.getConnection());
		try {
			opened.connection.setAutoCommit(true);
			opened.connection.setNetworkTimeout(Runnable::run, (int) networkTimeout.toMillis());
			return opened;
		}
		catch (SQLException ex) {
			opened.abort();
			throw ex;
		}
	}

	/**
	 * Whether a pooler lends this connection a session for each transaction: what listens
	 * then is a session that others use.
	 * @param more where to get another connection like this
	 * @return whether it does, as far as can be seen
	 * @throws SQLException if a connection fails
	 */
	boolean sharesItsSession(DataSource more) throws SQLException {
		PoolerProbe probe = new PoolerProbe(this.connection);
		return probe.isBehindPooler() && probe.sharesSessionsWith(more);
	}

	void listen(String channel) throws SQLException {
		this.listens = true;
		execute("listen " + channel);
	}

	List<String> await(Duration timeout) throws SQLException {
		return PostgresDriver.await(this.connection, timeout);
	}

	// A peer that is gone without a word shows only when it is asked something.
	void check() throws SQLException {
		execute("select 1");
	}

	private void execute(String statement) throws SQLException {
		try (Statement sql = this.connection.createStatement()) {
			sql.execute(statement);
		}
	}

	void close() {
		try {
			if (this.listens) {
				execute("unlisten *");
			}
			this.connection.setNetworkTimeout(Runnable::run, 0);
			this.connection.close();
		}
		catch (SQLException ex) {
			abort();
		}
	}

	void abort() {
		try {
			this.connection.abort(Runnable::run);
			this.connection.close();
		}
		catch (SQLException ex) {
			logger.debug("A connection that is given up could not be closed", LoggedError.of(ex));
		}
	}

}
