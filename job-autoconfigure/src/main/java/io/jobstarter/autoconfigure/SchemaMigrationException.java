package io.jobstarter.autoconfigure;

import java.net.SocketTimeoutException;

import org.springframework.core.NestedExceptionUtils;

/**
 * The tables could not be created or migrated.
 */
public class SchemaMigrationException extends StartFailure {

	private static final String WAITED_IN_VAIN = "See what keeps the database from answering. If a pooler such as "
			+ "PgBouncer stands before it, it has to give a node that migrates three sessions at the same time: set "
			+ "default_pool_size (pgbouncer.ini) to 3 or more.";

	private final String remedy;

	SchemaMigrationException(String tablePrefix, String scripts, RuntimeException cause) {
		super("The tables " + tablePrefix + "* of background jobs could not be created or migrated: " + reason(cause),
				cause);
		this.remedy = NestedExceptionUtils.getMostSpecificCause(cause) instanceof SocketTimeoutException
				? WAITED_IN_VAIN
				: "Correct what Flyway names: the database user needs the right to create tables, and Flyway its "
						+ "module for the database, org.flywaydb:flyway-database-postgresql or, for MariaDB, "
						+ "org.flywaydb:flyway-mysql. Or run the SQL files in " + scripts
						+ " of job-core by hand and set background-jobs.schema.initialize to 'never'.";
	}

	// Flyway's own message has many lines, with all of the statement.
	private static String reason(RuntimeException cause) {
		String reason = databaseError(cause);
		return (reason != null) ? reason : oneLine(cause);
	}

	@Override
	public String remedy() {
		return this.remedy;
	}

}
