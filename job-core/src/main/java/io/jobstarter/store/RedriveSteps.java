package io.jobstarter.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.jobstarter.RedriveState;
import org.jspecify.annotations.Nullable;

/**
 * Goes on with redrives by filter, on the engine's connection. Any number of nodes may do
 * it at the same time.
 */
public interface RedriveSteps {

	/**
	 * Lists the redrives that go on by themselves.
	 * @return the redrives, oldest first
	 */
	List<UnderWay> underWay();

	/**
	 * Does the next step of a redrive that is due, in one bounded transaction: looks what
	 * has become of its canary, or redrives the next letters.
	 * @param id the redrive's id
	 * @return what was done, or empty if it is not due, not under way, or in another
	 * node's hands
	 */
	Optional<Step> step(long id);

	/**
	 * Deletes redrives that ended longer ago than the retention. Those that have stopped
	 * stay.
	 * @param retention the age
	 * @param limit how many at most
	 * @return how many were deleted
	 */
	int deleteEnded(Duration retention, int limit);

	/**
	 * Lets somebody be called whenever a redrive of this node begins or goes on.
	 * @param listener is called after the commit, on the thread that made the redrive
	 */
	void listen(Runnable listener);

	/**
	 * A redrive that goes on by itself.
	 *
	 * @param id its id
	 * @param dueIn how long until its next step, zero if that is due
	 */
	record UnderWay(long id, Duration dueIn) {
	}

	/**
	 * What a step did.
	 *
	 * @param state where the redrive stands now
	 * @param redriven how many jobs the step enqueued
	 * @param lanes the lanes that they entered
	 * @param dueIn how long until the next step
	 * @param stoppedBecause why it has stopped, if it has
	 */
	record Step(RedriveState state, int redriven, Set<Lane> lanes, Duration dueIn, @Nullable String stoppedBecause) {
	}

}
