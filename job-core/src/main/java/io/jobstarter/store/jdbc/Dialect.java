package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Map;

/**
 * The statements that databases write differently.
 */
abstract class Dialect {

	/**
	 * Where the migrations are, as Flyway names it.
	 * @return the location
	 */
	abstract String migrationLocation();

	/**
	 * Tells whether a migration that was left half-way is completed by running it again.
	 * @return whether it is
	 */
	boolean migrationIsRepeatable() {
		return false;
	}

	/**
	 * What tells the time, and goes on doing so within a transaction.
	 * @return an expression
	 */
	abstract String clock();

	/**
	 * Turns a statement that databases share into this one's.
	 * @param statement the statement, with the default table prefix
	 * @return what this database understands, with the default table prefix
	 */
	String translate(String statement) {
		return statement.replace("clock_timestamp()", clock());
	}

	/**
	 * Makes an insert of one job return its id.
	 * @param insert the statement
	 * @return the statement, to be queried
	 */
	abstract String returningId(String insert);

	/**
	 * What holds unique keys besides the rows of the jobs.
	 * @param statements the statements of the transactions that free keys
	 * @return the keys
	 */
	UniqueKeys uniqueKeys(Statements statements) {
		return new UniqueKeys();
	}

	/**
	 * The tables that only this database needs.
	 * @return their columns, by the tables' names
	 */
	Map<String, List<String>> ownTables() {
		return Map.of();
	}

	/**
	 * Inserts rows in the order of the arrays and returns their ids, which ascend in that
	 * order.
	 * @return the statement
	 */
	abstract String insertJobs();

	/**
	 * Like {@link #insertJobs()}, with the ids {@code :ids}, which were reserved.
	 * @return the statement
	 */
	abstract String insertReservedJobs();

	/**
	 * Makes the jobs {@code :ids}, which are locked, ready with new positions in the
	 * order of the array.
	 * @return the statement
	 */
	abstract String makeReady();

	/**
	 * Makes the jobs {@code :ids}, which are locked, due later.
	 * @return the statement
	 */
	abstract String postpone();

	/**
	 * Pauses the queue {@code :name}.
	 * @return the statement
	 */
	abstract String pause();

	/**
	 * Sets how many jobs of the queue {@code :name} a node runs at the same time:
	 * {@code :concurrency}.
	 * @return the statement
	 */
	abstract String setConcurrency();

}
