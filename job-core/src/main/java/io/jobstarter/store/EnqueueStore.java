package io.jobstarter.store;

import java.util.List;
import java.util.Optional;

import io.jobstarter.DuplicateJobException;
import io.jobstarter.Enqueued;

/**
 * Adds jobs, in the transaction of the calling thread.
 */
public interface EnqueueStore {

	/**
	 * Inserts jobs. The unique index decides what is a duplicate; rows with unique keys
	 * are touched in the order of their keys, so that two callers cannot deadlock. Of two
	 * with the same key in one call the first is inserted, and becomes what the others
	 * make of it.
	 * @param jobs the jobs, at most a few thousand; all of them have reserved ids, or
	 * none has
	 * @return what became of each, in the order given; ids ascend with the order given
	 * among those without a unique key
	 * @throws DuplicateJobException if one meets a key where that is to fail: nothing of
	 * this call is done then, and the transaction goes on
	 */
	List<Enqueued> insert(List<NewJob> jobs);

	/**
	 * Inserts jobs and commits them, in a single round trip to the database. For a
	 * calling thread that is in no transaction.
	 * @param jobs the jobs, at most a few thousand
	 * @return what {@link #insert} returns, or empty if nothing was done since this takes
	 * a transaction here: the jobs or the database want several statements, its
	 * connection does not commit each by itself, or it refuses to write without one
	 */
	Optional<List<Enqueued>> insertAtOnce(List<NewJob> jobs);

	/**
	 * Tells whether what is inserted now is part of the transaction of the calling
	 * thread, whoever began it: not if that is one of another database.
	 * @return whether the calling thread is in a transaction of this database
	 */
	boolean isInTransaction();

	/**
	 * Takes ids for jobs that are to be inserted later. Done on its own, whatever the
	 * calling thread's transaction is: an id that is not used is never given again.
	 * @param count how many, at least one
	 * @return the ids, in ascending order
	 */
	List<Long> reserveIds(int count);

	/**
	 * Looks whether jobs were inserted, whatever has become of them since.
	 * @param ids ids that were reserved
	 * @return whether any of them belongs to a job that waits, runs, is dead or in the
	 * history
	 */
	boolean isAnyRecorded(List<Long> ids);

}
