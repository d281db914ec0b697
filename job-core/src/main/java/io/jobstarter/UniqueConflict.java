package io.jobstarter;

/**
 * What becomes of an enqueue whose unique key another job holds.
 */
public enum UniqueConflict {

	/**
	 * The other job stays as it is, and none is added.
	 */
	KEEP_EXISTING,

	/**
	 * The enqueue throws a {@link DuplicateJobException}, and nothing of it is added. The
	 * caller's transaction goes on if he catches it.
	 */
	FAIL,

	/**
	 * The other job gets the payload, the headers and the due time of this enqueue in
	 * place of its own, if it waits. It keeps its id, queue, priority and tags, and what
	 * its first payload said of limits and order. If it runs, it is left alone: a job of
	 * its own is added, which takes the key over.
	 */
	REPLACE,

	/**
	 * The other job is due when this enqueue says, if it waits; the rest of it stays. If
	 * it runs, it is left alone: a job of its own is added, which takes the key over.
	 */
	RESCHEDULE

}
