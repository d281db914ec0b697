package io.jobstarter.autoconfigure;

import io.jobstarter.JobDatabaseUnavailableException;
import io.jobstarter.store.jdbc.UnsupportedDatabaseException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the database that holds the jobs has been there since this node started. Once
 * it has, this has nothing more to say: what becomes of it later, the lease tells.
 */
public final class DatabaseState {

	private volatile @Nullable RuntimeException problem;

	/**
	 * Whether the database has been there, and its tables are complete.
	 * @return whether it has
	 */
	public boolean isReady() {
		return this.problem == null;
	}

	/**
	 * What this node waits for. Names no address and no error, for these are for the log.
	 * @return a sentence, or {@code null} if it does not wait
	 */
	public @Nullable String waitingFor() {
		RuntimeException problem = this.problem;
		if (problem == null) {
			return null;
		}
		if (problem instanceof UnreachableDatabaseException) {
			return "The database has not been reachable since this node started";
		}
		if (problem instanceof MissingSchemaException) {
			return "The database lacks tables or columns, which the log names";
		}
		if (problem instanceof SchemaMigrationException) {
			return "The tables could not be created or migrated, for a reason that the log names";
		}
		return (problem instanceof UnsupportedDatabaseException) ? "The database is not one that jobs can be kept in"
				: "The database cannot be used, for a reason that the log names";
	}

	/**
	 * Does nothing if jobs can be enqueued.
	 * @throws JobDatabaseUnavailableException if they cannot
	 */
	void check() {
		RuntimeException problem = this.problem;
		if (problem != null) {
			throw new JobDatabaseUnavailableException("The job was not enqueued. " + waitingFor(), problem);
		}
	}

	void waitsBecauseOf(RuntimeException problem) {
		this.problem = problem;
	}

	void isThere() {
		this.problem = null;
	}

}
