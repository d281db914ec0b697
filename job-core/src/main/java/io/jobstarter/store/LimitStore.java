package io.jobstarter.store;

import java.util.List;
import java.util.Optional;

import io.jobstarter.Audit;
import io.jobstarter.JobId;
import io.jobstarter.JobLimits.KeyInfo;
import io.jobstarter.JobLimits.LimitInfo;

/**
 * What operators see and set of keys, in the transaction of the calling thread.
 */
public interface LimitStore {

	/**
	 * Lists the limits and orders that are in use or set.
	 * @return the limits, by name
	 */
	List<LimitInfo> limits();

	/**
	 * Lists keys, those that jobs wait for first.
	 * @param limit the name of their limit
	 * @param count how many at most
	 * @return the keys
	 */
	List<KeyInfo> keys(String limit, int count);

	/**
	 * Finds a key.
	 * @param id the name of its row
	 * @return the key, or empty if it has none
	 */
	Optional<KeyInfo> key(String id);

	/**
	 * Counts who waits for a key before a job.
	 * @param id the name of its row
	 * @param job the job, which waits for it
	 * @param limit how many to count at most
	 * @return how many
	 */
	int waitingBefore(String id, JobId job, int limit);

	/**
	 * Finds the job whose turn it is in an order.
	 * @param id the id of the order
	 * @return the job
	 */
	Optional<JobId> head(String id);

	/**
	 * Sets a limit.
	 * @param limit its name
	 * @param permits how many jobs of a key may run
	 * @param audit who does it, and why
	 */
	void set(String limit, int permits, Audit audit);

	/**
	 * Forgets what was set.
	 * @param limit the name of the limit
	 * @return whether anything was
	 */
	boolean reset(String limit);

	/**
	 * Tells this node that a limit has changed: to be called after the commit. Does no
	 * I/O.
	 */
	void announce();

}
