package io.jobstarter.store.jdbc;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * The history could not be written, which nothing else hangs on.
 */
final class HistoryFailedException extends RuntimeException {

	private HistoryFailedException(DataAccessException cause) {
		super("The history could not be written", cause);
	}

	/**
	 * Judges a failure of a statement that writes the history. If the whole transaction
	 * is gone, or the database, or its room, that is not the history's fault: the outcome
	 * waits, and keeps its entry.
	 * @param failure the failure
	 * @return what to throw
	 */
	static RuntimeException of(DataAccessException failure) {
		boolean elsewhere = failure instanceof DataAccessResourceFailureException
				|| EngineTransactions.isConflict(failure);
		return elsewhere ? failure : new HistoryFailedException(failure);
	}

}
