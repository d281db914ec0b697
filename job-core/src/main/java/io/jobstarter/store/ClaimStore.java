package io.jobstarter.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hands jobs to workers and writes what became of them. Uses the engine's own connections
 * and short transactions of its own, but for
 * {@link #completeInCallersTransaction(ClaimedJob)}.
 */
public interface ClaimStore {

	/**
	 * Finds the lanes that hold ready or running jobs, without reading them.
	 * @param scope the queues to look at
	 * @return the lanes, of queues that are not paused
	 */
	Set<Lane> lanes(QueueScope scope);

	/**
	 * Reads what bounds the jobs of queues that run at the same time: how many of them a
	 * node may run, as far as operators have said so, and which are bounded over all
	 * nodes.
	 * @return the limits
	 */
	QueueLimits concurrencyLimits();

	/**
	 * Tells whether there is anything to know of circuit breakers.
	 * @return what {@link BreakerStore#isBusy} returns
	 */
	boolean hasCircuits();

	/**
	 * Reads lanes, limits and circuits at once, where the database can in one statement.
	 * @param scope the queues to look at
	 * @return what {@link #lanes}, {@link #concurrencyLimits} and {@link #hasCircuits}
	 * return
	 */
	default Look look(QueueScope scope) {
		return new Look(lanes(scope), concurrencyLimits(), hasCircuits());
	}

	/**
	 * Claims jobs: no job is given out twice, rows that are locked by others are skipped,
	 * and so are jobs with other names than those asked for and the queues that are
	 * paused. Frees the unique keys that are held until the start.
	 * @param request what is asked for
	 * @return the jobs, at most as many as asked for in all and of each queue, in the
	 * order of the request's queues and lanes and of the positions there. Fewer than
	 * asked for does not mean that a lane is empty.
	 */
	default List<ClaimedJob> claim(ClaimRequest request) {
		return take(request).jobs();
	}

	/**
	 * Claims jobs as {@link #claim} does, and says how many it met that have to wait for
	 * the permits of their keys: these are blocked from then on.
	 * @param request what is asked for
	 * @return what was claimed
	 */
	Claimed take(ClaimRequest request);

	/**
	 * Says who wants to hear of lanes that receive jobs which waited for the permit of a
	 * key.
	 * @param wakeUp who it is
	 */
	void announceTo(WakeUp wakeUp);

	/**
	 * Frees the jobs of a claim whose answer was lost, so that the worker knows none of
	 * them: they go to the front of their lanes in their old order, except for those that
	 * somebody wants cancelled. These are left to recovery, which ends them. Reads the
	 * whole table.
	 * @param worker the worker
	 * @param claim the number of the claim
	 * @return how many jobs were freed
	 */
	int release(long worker, long claim);

	/**
	 * Writes how attempts ended, in one transaction. A job that this worker no longer
	 * holds is left alone. Rows are touched in the order of their ids.
	 * @param settlements what became of the jobs, each job once
	 * @param history whether jobs that are over are written to the history
	 * @return what came of each, by job id
	 */
	Map<Long, Settled> settle(Collection<Settlement> settlements, boolean history);

	/**
	 * Ends a job as succeeded in the transaction of the calling thread, as its last
	 * statement. A history that cannot be written does not undo the caller's work.
	 * @param job the job
	 * @param history whether the job is written to the history
	 * @return whether this worker still held the job; if not, the caller rolls back
	 */
	boolean completeInCallersTransaction(ClaimedJob job, boolean history);

	/**
	 * Looks whether the end of an attempt has been written: after a commit whose reply
	 * was lost, a settlement that meets no row was either the first one's doing or that
	 * of a lost lease.
	 * @param job the job
	 * @return whether history, failures or dead letters show this very attempt
	 */
	boolean isRecorded(ClaimedJob job);

	/**
	 * Reads what is known of jobs that a worker believes to hold.
	 * @param worker the worker
	 * @param ids the jobs
	 * @return those that it does hold: the claim by which it holds each, and whether
	 * somebody wants it cancelled
	 */
	Map<Long, Held> held(long worker, Collection<Long> ids);

	/**
	 * Reads which jobs a worker has claimed and not settled for a while. Reads the whole
	 * table.
	 * @param worker the worker
	 * @param age how long ago it claimed them, at least
	 * @return the number of the claim of each, by job id
	 */
	Map<Long, Long> claimedBefore(long worker, Duration age);

	/**
	 * What came of a claim.
	 *
	 * @param jobs the jobs
	 * @param blocked how many others were met that have to wait
	 */
	record Claimed(List<ClaimedJob> jobs, int blocked) {

		/** Nothing was there. */
		public static final Claimed NOTHING = new Claimed(List.of(), 0);

	}

	/**
	 * How a job is held.
	 *
	 * @param claim the number of the claim
	 * @param cancelRequested whether somebody wants it cancelled
	 */
	record Held(long claim, boolean cancelRequested) {
	}

	/**
	 * What came of a settlement.
	 */
	enum Settled {

		/** It is written. */
		DONE,

		/** It is written, but the history could not be. */
		DONE_WITHOUT_HISTORY,

		/** The row is still held but locked by somebody: try again. */
		LOCKED,

		/** This claim does not hold the job any more. */
		LOST

	}

}
