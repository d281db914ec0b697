package io.jobstarter.store.jdbc;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * The history could not be written, which nothing else hangs on.
 */
final class HistoryFailedException extends RuntimeException {

	// Lost connections, the server's end, and a server that takes no writes, of PostgreSQL.
	private static final Set<String> STATES_OF_ALL = Set.of("08", "57P", "25006");

	// Of MariaDB: takes no writes, twice.
	private static final Set<Integer> CODES_OF_ALL = Set.of(1290, 1836);

	private HistoryFailedException(DataAccessException cause) {
		super("The history could not be written", cause);
	}

	/**
	 * Says what it means that writing the history failed.
	 * @param failure the failure
	 * @return this exception, or the failure itself if nothing else could have been written
	 * either: then all of it is tried again
	 */
	static RuntimeException of(DataAccessException failure) {
		// The database, or its room, or the whole transaction, is gone.
		boolean ofAll = failure instanceof DataAccessResourceFailureException || EngineTransactions.isConflict(failure)
				|| isOfAll(failure);
		return ofAll ? failure : new HistoryFailedException(failure);
	}

	private static boolean isOfAll(DataAccessException failure) {
		return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
			.anyMatch((cause) -> cause instanceof SQLException sql && isOfAll(sql));
	}

	private static boolean isOfAll(SQLException ex) {
		String state = Objects.requireNonNullElse(ex.getSQLState(), "");
		return STATES_OF_ALL.stream().anyMatch(state::startsWith) || CODES_OF_ALL.contains(ex.getErrorCode());
	}

}
