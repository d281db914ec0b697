package io.jobstarter.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import io.jobstarter.JobFailure;
import org.jspecify.annotations.Nullable;

/**
 * The periodic duties' statements. Each call is one bounded transaction on the engine's
 * connection; any number of nodes may make the same call at the same time.
 */
public interface MaintenanceStore {

	/**
	 * Makes scheduled jobs that are due ready, the longest due first, each at the end of
	 * its lane.
	 * @param limit how many at most
	 * @return what was promoted
	 */
	Promotion promote(int limit);

	/**
	 * Takes the first worker after an id whose lease has ended, or that is known to be
	 * dead, marks it dead, and frees a batch of its jobs: they go to the front of their
	 * lanes in their old order, each with one more crash unless the worker was stopping;
	 * at the limit a job becomes a dead letter instead. Rows that are locked are left for
	 * later. Removes the worker once no job names it. Does nothing while no heartbeat has
	 * told that the database is up: after an outage every worker looks dead, until the
	 * first heartbeat extends the leases.
	 * @param after only workers with a greater id
	 * @param lease how long the leases are
	 * @param crashLimit with how many crashes a job is dead
	 * @param limit how many jobs at most
	 * @param callback says of a job name whether its handler is to be told of a dead
	 * letter; of one that this node does not know, a node that does decides
	 * @return what was recovered, or empty if there is no such worker
	 */
	Optional<Recovery> recover(long after, Duration lease, int crashLimit, int limit, Predicate<String> callback);

	/**
	 * Gives each worker id that jobs name and the table of workers lacks a fresh lease,
	 * after which it is recovered. Runs on one node at a time.
	 * @param lease the lease
	 * @param every the interval within which one node is enough
	 * @return how many were found, 0 if another node looked within the interval
	 */
	int adoptUnknownWorkers(Duration lease, Duration every);

	/**
	 * Deletes history that is older than the retention. Where it has a table for each
	 * day, rows of these are left to {@link HistoryDays#drop} for a day and an hour,
	 * unless the retention is shorter than a day.
	 * @param retention the age
	 * @param limit how many rows at most
	 * @return how many rows were deleted
	 */
	int deleteHistory(Duration retention, int limit);

	/**
	 * Deletes dead letters that were resolved longer ago than the retention, with their
	 * failures and notes. Open ones stay.
	 * @param retention the age
	 * @param limit how many rows at most
	 * @return how many rows were deleted
	 */
	int deleteResolvedDeadLetters(Duration retention, int limit);

	/**
	 * Fills in what kind of failure dead letters died of that nodes of an earlier release
	 * have written.
	 * @param limit how many letters at most
	 * @return how many were filled in
	 */
	int fingerprintDeadLetters(int limit);

	/**
	 * Deletes failures older than the retention whose job neither waits nor is a dead
	 * letter.
	 * @param retention the age
	 * @param limit how many rows at most
	 * @return how many rows were deleted
	 */
	int deleteFailures(Duration retention, int limit);

	/**
	 * Deletes unique keys that have expired. Those that somebody is taking are left.
	 * @param limit how many at most
	 * @return how many were deleted
	 */
	int deleteExpiredKeys(int limit);

	/**
	 * What was promoted.
	 *
	 * @param count how many jobs
	 * @param lanes the lanes that they entered
	 * @param nextDueIn how long until the next scheduled job is due; {@code null} if none
	 * is scheduled
	 */
	record Promotion(int count, Set<Lane> lanes, @Nullable Duration nextDueIn) {
	}

	/**
	 * What was recovered of one worker.
	 *
	 * @param worker the worker
	 * @param jobs the jobs that are free again, or dead
	 * @param complete whether no job names the worker any more, and it was removed
	 * @param released the lanes that jobs entered which had waited for their keys
	 */
	record Recovery(long worker, List<RecoveredJob> jobs, boolean complete, Set<Lane> released) {
	}

	/**
	 * A job whose worker died.
	 *
	 * @param id its id
	 * @param name its name
	 * @param lane the lane that it entered
	 * @param crashes its crashes by now
	 * @param death what its dead letter says, if it became one
	 */
	record RecoveredJob(long id, String name, Lane lane, int crashes, @Nullable JobFailure death) {

		/**
		 * Whether it became a dead letter.
		 * @return whether it is dead
		 */
		public boolean dead() {
			return this.death != null;
		}

	}

}
