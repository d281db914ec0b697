package io.jobstarter.store;

import java.util.List;

import io.jobstarter.Enqueued;

/**
 * Adds jobs, in the transaction of the calling thread.
 */
public interface EnqueueStore {

	/**
	 * Inserts jobs. The unique index decides what is a duplicate; rows with unique keys
	 * are touched in the order of their keys, so that two callers cannot deadlock. Of two
	 * with the same key in one call the first is inserted.
	 * @param jobs the jobs, at most a few thousand
	 * @return what became of each, in the order given; ids ascend with the order given
	 * among those without a unique key
	 */
	List<Enqueued> insert(List<NewJob> jobs);

}
