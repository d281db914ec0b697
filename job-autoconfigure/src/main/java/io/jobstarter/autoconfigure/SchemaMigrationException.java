package io.jobstarter.autoconfigure;

/**
 * The tables could not be created or migrated.
 */
public class SchemaMigrationException extends StartFailure {

	private final String remedy;

	SchemaMigrationException(String tablePrefix, String scripts, RuntimeException cause) {
		super("The tables " + tablePrefix + "* of background jobs could not be created or migrated: "
				+ cause.getMessage(), cause);
		this.remedy = "Correct what Flyway names: the database user needs the right to create tables, and Flyway its "
				+ "module for the database, such as org.flywaydb:flyway-database-postgresql. Or run the SQL files in "
				+ scripts + " of job-core by hand and set background-jobs.schema.initialize to 'never'.";
	}

	@Override
	public String remedy() {
		return this.remedy;
	}

}
