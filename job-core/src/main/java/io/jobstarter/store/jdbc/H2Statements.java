package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.RowMapper;

/**
 * Runs statements on H2, whose clock is read from its list of sessions. To list a session
 * that another thread is just ending, H2 2.3 and 2.4 follow a reference that is gone by
 * then: the statement fails and has done nothing, so it is tried again.
 */
final class H2Statements extends JdbcTemplate {

	private static final int ATTEMPTS = 20;

	private static final String GONE = "\"this.transaction\" is null";

	H2Statements(DataSource dataSource) {
		super(dataSource);
	}

	@Override
	public <T> T query(PreparedStatementCreator statement, ResultSetExtractor<T> extractor) {
		return again(() -> super.query(statement, extractor));
	}

	@Override
	public void query(PreparedStatementCreator statement, RowCallbackHandler handler) {
		again(() -> {
			super.query(statement, handler);
			return handler;
		});
	}

	@Override
	public <T> List<T> query(PreparedStatementCreator statement, RowMapper<T> mapper) {
		return again(() -> super.query(statement, mapper));
	}

	@Override
	public int update(PreparedStatementCreator statement) {
		return again(() -> super.update(statement));
	}

	private static <T> T again(Supplier<T> statement) {
		for (int attempt = 1;; attempt++) {
			try {
				return statement.get();
			}
			catch (DataAccessException ex) {
				if (attempt == ATTEMPTS || !isOfClock(ex)) {
					throw ex;
				}
			}
		}
	}

	private static boolean isOfClock(DataAccessException ex) {
		String message = ex.getMostSpecificCause().getMessage();
		return message != null && message.replace("\"\"", "\"").contains(GONE);
	}

}
