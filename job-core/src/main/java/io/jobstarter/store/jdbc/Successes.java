package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.Set;

import io.jobstarter.store.Settlement;

/**
 * A shorter way for jobs that succeeded, which are nearly all. Where there is none, they
 * are settled like any others.
 */
class Successes {

	/**
	 * Whether there is something to take the shorter way.
	 * @param settlements what is to be written
	 * @return whether {@link #end} is to be called, in a bare transaction
	 */
	boolean areAmong(Collection<Settlement> settlements) {
		return false;
	}

	/**
	 * Ends jobs that succeeded, as the first statement of a transaction that
	 * {@link EngineTransactions#executeBare} begins. Never waits for the row of a job.
	 * @param settlements what is to be written, each job once
	 * @param history whether the jobs are written to the history
	 * @return the ids of the jobs that are over now. The others are left alone, be it
	 * that they are locked, that they are held by others, or that they did not succeed.
	 * @throws HistoryFailedException if it is the history that cannot be written
	 */
	Set<Long> end(Collection<Settlement> settlements, boolean history) {
		return Set.of();
	}

	/**
	 * Ends jobs that succeeded, as {@link #end} does, in a transaction that others have
	 * begun.
	 * @param settlements what is to be written, each job once
	 * @param history whether the jobs are written to the history
	 * @return the ids of the jobs that are over now
	 * @throws HistoryFailedException if it is the history that cannot be written
	 */
	Set<Long> endWithinTransaction(Collection<Settlement> settlements, boolean history) {
		return Set.of();
	}

}
