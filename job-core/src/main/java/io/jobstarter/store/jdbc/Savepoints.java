package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Lets a statement fail without the caller's transaction.
 */
final class Savepoints {

	private static final Log logger = LogFactory.getLog(Savepoints.class);

	private final JdbcTemplate jdbc;

	Savepoints(DataSource dataSource) {
		this.jdbc = new JdbcTemplate(dataSource);
	}

	/**
	 * Runs a statement whose failure is undone and logged.
	 * @param what what it does, for the log
	 * @param statement the statement
	 */
	void tryTo(String what, Runnable statement) {
		this.jdbc.execute((ConnectionCallback<Boolean>) (connection) -> {
			if (connection.getAutoCommit()) {
				return run(what, statement);
			}
			Savepoint savepoint = connection.setSavepoint();
			boolean done = run(what, statement);
			end(connection, savepoint, done);
			return done;
		});
	}

	private static boolean run(String what, Runnable statement) {
		try {
			statement.run();
			return true;
		}
		catch (DataAccessException ex) {
			logger.warn("Could not " + what + ", going on without: " + ex.getMessage());
			return false;
		}
	}

	private static void end(Connection connection, Savepoint savepoint, boolean done) throws SQLException {
		if (!done) {
			connection.rollback(savepoint);
		}
		connection.releaseSavepoint(savepoint);
	}

}
