package io.jobstarter.store.jdbc;

/**
 * Tells how many jobs queues hold, by state, in a time that does not depend on how many
 * these are: up to a bound they are counted, beyond it estimated from samples.
 */
@FunctionalInterface
interface DepthReader {

	/**
	 * The most rows that are counted one by one of the ready, the scheduled and the
	 * blocked jobs each.
	 */
	int COUNTED = 1_000;

	/**
	 * Reads the depths.
	 * @param depths is told of them
	 */
	void read(Depths depths);

}
