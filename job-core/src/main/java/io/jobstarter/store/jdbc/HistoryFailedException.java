package io.jobstarter.store.jdbc;

import org.springframework.dao.DataAccessException;

/**
 * The history could not be written, which nothing else hangs on.
 */
final class HistoryFailedException extends RuntimeException {

	HistoryFailedException(DataAccessException cause) {
		super("The history could not be written", cause);
	}

}
