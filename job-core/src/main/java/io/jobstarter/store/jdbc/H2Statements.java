package io.jobstarter.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.ResultSetExtractor;

/**
 * Runs statements on H2, whose clock is read from its list of sessions. To list a session
 * that another thread is just ending, H2 2.3 and 2.4 follow a reference that is gone by
 * then: the statement fails and has done nothing, so it is tried again.
 * <p>
 * Not the same prepared statement, though. If one that looks rows up by a list of values
 * fails in their midst, H2 2.3 and 2.4 begin its next execution with the rows that were
 * left, and go on with all of them, unless a rollback came between. The session keeps
 * statements by their text. One that is prepared while that which has failed is still
 * open takes its place.
 */
final class H2Statements extends JdbcTemplate {

	private static final int ATTEMPTS = 20;

	private static final int GENERAL_ERROR = 50000;

	H2Statements(DataSource dataSource) {
		super(dataSource);
	}

	// Where rows are mapped one by one, it comes here as well.
	@Override
	@SuppressWarnings("NullAway") // as much as the extractor makes of the rows
	public <T> T query(PreparedStatementCreator statement, ResultSetExtractor<T> extractor) {
		return run(statement, (prepared) -> {
			try (ResultSet rows = prepared.executeQuery()) {
				return extractor.extractData(rows);
			}
		});
	}

	@Override
	public int update(PreparedStatementCreator statement) {
		return run(statement, PreparedStatement::executeUpdate);
	}

	@SuppressWarnings("NullAway") // as much as the action returns
	private <T> T run(PreparedStatementCreator statement, PreparedStatementCallback<T> action) {
		return execute(statement, (prepared) -> run(statement, prepared, action, 1));
	}

	private <T> T run(PreparedStatementCreator statement, PreparedStatement prepared,
			PreparedStatementCallback<T> action, int attempt) throws SQLException {
		try {
			return action.doInPreparedStatement(prepared);
		}
		catch (SQLException ex) {
			try (PreparedStatement another = prepareAnother(statement, prepared, ex)) {
				if (attempt < ATTEMPTS && isOfClock(ex)) {
					applyStatementSettings(another);
					return run(statement, another, action, attempt + 1);
				}
			}
			throw ex;
		}
	}

	private static PreparedStatement prepareAnother(PreparedStatementCreator statement, PreparedStatement prepared,
			SQLException failure) throws SQLException {
		try {
			return statement.createPreparedStatement(prepared.getConnection());
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
			throw failure;
		}
	}

	// Of an error that comes often the JVM leaves out the message.
	static boolean isOfClock(SQLException ex) {
		String message = String.valueOf(ex.getMessage());
		return ex.getErrorCode() == GENERAL_ERROR && message.contains("NullPointerException")
				&& message.contains("information_schema.sessions");
	}

}
