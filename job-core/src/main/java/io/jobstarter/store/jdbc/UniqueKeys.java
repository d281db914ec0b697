package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.Set;

/**
 * What holds unique keys besides the rows of the jobs. Where nothing else does, a key is
 * free as soon as its job's row is changed or gone.
 */
class UniqueKeys {

	/**
	 * Locks the keys that nobody else has locked, and never waits.
	 * @param keys keys of jobs whose rows are locked
	 * @return those that may be freed in this transaction
	 */
	Set<String> lock(Collection<String> keys) {
		return Set.copyOf(keys);
	}

	/**
	 * Frees keys together with their jobs. May wait for callers who have just met them,
	 * unless they are locked.
	 * @param keys the keys
	 */
	void free(Collection<String> keys) {
	}

	/**
	 * Frees the key of a job, if it has one and is held by this worker. May wait for
	 * callers who have just met it.
	 * @param id the job's id
	 * @param worker the worker
	 * @param claim the worker's claim
	 */
	void freeOf(long id, long worker, long claim) {
	}

}
