package io.jobstarter.store.jdbc;

/**
 * The statements that PostgreSQL and H2 write differently.
 */
abstract class Dialect {

	/**
	 * Where the migrations are, as Flyway names it.
	 * @return the location
	 */
	abstract String migrationLocation();

	/**
	 * What tells the time, and goes on doing so within a transaction.
	 * @return an expression
	 */
	abstract String clock();

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
