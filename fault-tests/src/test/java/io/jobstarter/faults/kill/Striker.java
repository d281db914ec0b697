package io.jobstarter.faults.kill;

import java.time.Duration;
import java.util.List;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.oracle.NodeEnd;

/**
 * What strikes at a fleet while it works.
 */
interface Striker {

	/**
	 * Says how long to wait for the next strike.
	 * @return how long
	 */
	Duration pause();

	/**
	 * Strikes.
	 * @return whether it did; not if that would prove nothing
	 */
	boolean strike();

	/**
	 * Is called all the time while the fleet works.
	 */
	default void turn() {
	}

	/**
	 * Leaves nothing behind that the fleet cannot go on with.
	 */
	default void finish() {
	}

	List<NodeEnd> ends();

	/**
	 * Makes a striker for a run.
	 */
	@FunctionalInterface
	interface Factory {

		Striker make(FleetDatabase database, Fleet fleet, Scenario scenario);

	}

}
