package io.jobstarter.policy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * Recognises what a database says when two transactions get into each other's way. It
 * says nothing about the job, which runs again without an attempt used up.
 */
public final class Conflicts {

	/** Serialization failures and deadlocks, of PostgreSQL, H2 and MariaDB. */
	private static final Set<String> STATES = Set.of("40001", "40P01");

	/**
	 * MariaDB's "record has changed since last read", which is its serialization failure
	 * and has a state that says nothing. H2's codes have five digits, PostgreSQL has
	 * none.
	 */
	private static final int CHANGED_SINCE_READ = 1020;

	private Conflicts() {
	}

	/**
	 * Tells whether an error is a conflict of transactions.
	 * @param error the error
	 * @return whether it or one of its causes is
	 */
	public static boolean isConflict(Throwable error) {
		return CauseChain.of(error)
			.stream()
			.anyMatch((link) -> link instanceof SQLException ex
					&& (isConflict(ex.getSQLState()) || ex.getErrorCode() == CHANGED_SINCE_READ));
	}

	// Drivers and pools throw exceptions without a state, and the set refuses null.
	private static boolean isConflict(@Nullable String state) {
		return state != null && STATES.contains(state);
	}

	/**
	 * Says how long to wait after a conflict: by chance, so that the two do not meet
	 * again.
	 * @return the wait
	 */
	public static Duration pause() {
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(50, 500));
	}

}
