package io.jobstarter.autoconfigure;

/**
 * The tables could not be created or migrated.
 */
public class SchemaMigrationException extends StartFailure {

	private final String remedy;

	SchemaMigrationException(String tablePrefix, String scripts, RuntimeException cause) {
		super("The tables " + tablePrefix + "* of background jobs could not be created or migrated: " + reason(cause),
				cause);
		this.remedy = "Correct what Flyway names: the database user needs the right to create tables, and Flyway its "
				+ "module for the database, such as org.flywaydb:flyway-database-postgresql. Or run the SQL files in "
				+ scripts + " of job-core by hand and set background-jobs.schema.initialize to 'never'.";
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
