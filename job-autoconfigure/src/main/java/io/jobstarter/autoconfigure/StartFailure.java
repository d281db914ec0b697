package io.jobstarter.autoconfigure;

import java.sql.SQLException;

import io.jobstarter.BackgroundJobException;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * Stops the start, and knows what to do about it.
 */
abstract class StartFailure extends BackgroundJobException {

	StartFailure(String message) {
		super(message);
	}

	StartFailure(String message, Throwable cause) {
		super(message, cause);
	}

	/**
	 * What the database said, whatever pools and libraries have put around it.
	 * @param failure a failure
	 * @return one line without a full stop, or {@code null} if no database was asked
	 */
	static @Nullable String databaseError(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException) {
				return oneLine(cause);
			}
		}
		return null;
	}

	// What follows the first line is the statement, or where in it.
	static String oneLine(Throwable failure) {
		String message = String.valueOf(failure.getMessage()).strip().lines().findFirst().orElse("");
		return CleanText.printable(message.replaceFirst("(; SQL statement:|\\.)$", ""), 500);
	}

	/**
	 * What to do about it.
	 * @return whole sentences
	 */
	public abstract String remedy();

}
