package io.jobstarter.autoconfigure;

import java.util.List;

import io.jobstarter.BackgroundJobException;

/**
 * The tables are not there, or older than this release.
 */
public class MissingSchemaException extends BackgroundJobException {

	private final String remedy;

	MissingSchemaException(List<String> missing, String scripts) {
		super("The database lacks what background jobs need: " + String.join(", ", missing) + ".");
		this.remedy = "Run the SQL files in " + scripts + " of job-core, in order, with the table prefix of "
				+ "background-jobs.schema.table-prefix; or set background-jobs.schema.initialize to 'always'.";
	}

	/**
	 * What to do about it.
	 * @return a sentence
	 */
	public String remedy() {
		return this.remedy;
	}

}
