package io.jobstarter.autoconfigure;

import java.util.List;

/**
 * The tables are not there, or older than this release.
 */
public class MissingSchemaException extends StartFailure {

	private final String remedy;

	/**
	 * Makes the exception.
	 * @param missing the tables and columns that lack
	 * @param scripts where the SQL files are
	 * @param otherwise what to do instead of running them
	 */
	MissingSchemaException(List<String> missing, String scripts, String otherwise) {
		super("The database lacks what background jobs need: " + String.join(", ", missing));
		this.remedy = "Run the SQL files in " + scripts + " of job-core, in order, with the table prefix of "
				+ "background-jobs.schema.table-prefix; or " + otherwise + ".";
	}

	@Override
	public String remedy() {
		return this.remedy;
	}

}
