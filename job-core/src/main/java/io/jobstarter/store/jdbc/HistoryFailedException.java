package io.jobstarter.store.jdbc;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.dao.DataAccessException;

/**
 * The history could not be written, which nothing else hangs on.
 */
final class HistoryFailedException extends RuntimeException {

	// A server that takes no writes, of PostgreSQL; serialization failure, deadlock.
	private static final Set<String> STATES_OF_ALL = Set.of("25006", "0A000", "40001", "40P01");

	// Lost connections, and the server's end, of PostgreSQL.
	private static final Set<String> CLASSES_OF_ALL = Set.of("08", "57P");

	// Of MariaDB: takes no writes, twice; row changed since the snapshot, deadlock.
	private static final Set<Integer> CODES_OF_ALL = Set.of(1290, 1836, 1020, 1213);

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
		boolean ofAll = Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
			.anyMatch((cause) -> cause instanceof SQLException sql && isOfAll(sql));
		return ofAll ? failure : new HistoryFailedException(failure);
	}

	private static boolean isOfAll(SQLException ex) {
		String state = Objects.requireNonNullElse(ex.getSQLState(), "");
		return STATES_OF_ALL.contains(state) || CLASSES_OF_ALL.stream().anyMatch(state::startsWith)
				|| CODES_OF_ALL.contains(ex.getErrorCode());
	}

}
