package io.jobstarter.benchmarks.engine;

import java.time.Duration;
import java.util.List;

/**
 * A job engine in this JVM. Its jobs call {@link Tally#ran(Work)} and do nothing else.
 * Enqueuing is safe for use by several threads.
 */
public interface Engine extends AutoCloseable {

	/**
	 * Enqueues a job in a transaction of its own.
	 * @param work the job
	 */
	void enqueue(Work work);

	/**
	 * Enqueues jobs in one transaction, or in as few as the engine can.
	 * @param work the jobs
	 */
	void enqueueAll(List<Work> work);

	/**
	 * Enqueues a job that waits for its time.
	 * @param work the jobs
	 * @param delay how long
	 */
	void schedule(List<Work> work, Duration delay);

	/**
	 * Stops starting jobs, until {@link #resume()}.
	 */
	void pause();

	/**
	 * Starts jobs.
	 */
	void resume();

	/**
	 * Tells whether jobs are there that are not over, but for those that wait for their
	 * time.
	 * @return whether there are
	 */
	boolean hasPending();

	@Override
	void close();

}
