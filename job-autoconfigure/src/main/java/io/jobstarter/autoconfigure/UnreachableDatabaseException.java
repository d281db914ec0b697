package io.jobstarter.autoconfigure;

import java.util.function.Supplier;

/**
 * No connection to the database could be had at start.
 */
public class UnreachableDatabaseException extends StartFailure {

	private UnreachableDatabaseException(String reason, RuntimeException cause) {
		super("The database that holds the background jobs cannot be reached: " + reason, cause);
	}

	/**
	 * Does what does no more than to connect.
	 * @param <T> what it returns
	 * @param connecting connects
	 * @return what that returns
	 * @throws UnreachableDatabaseException if it cannot
	 */
	static <T> T unlessReached(Supplier<T> connecting) {
		try {
			return connecting.get();
		}
		catch (RuntimeException ex) {
			String reason = databaseError(ex);
			throw (reason != null) ? new UnreachableDatabaseException(reason, ex) : ex;
		}
	}

	@Override
	public String remedy() {
		return "Start the database, or correct how the application connects to it, such as spring.datasource.url, "
				+ "spring.datasource.username and spring.datasource.password.";
	}

}
