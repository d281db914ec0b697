package io.jobstarter.store.jdbc;

import io.jobstarter.BackgroundJobException;

/**
 * The data source is that of a database that Job Starter does not know.
 */
public class UnsupportedDatabaseException extends BackgroundJobException {

	private final String product;

	UnsupportedDatabaseException(String product, String why) {
		super("Background jobs cannot be kept in '" + product + "': " + why
				+ ". Supported are PostgreSQL, H2 and MariaDB 10.6 or newer");
		this.product = product;
	}

	/**
	 * What the database calls itself.
	 * @return the product's name
	 */
	public String product() {
		return this.product;
	}

}
