package io.jobstarter.faults.kill;

import java.time.Duration;
import java.util.List;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.oracle.NodeEnd;
import io.jobstarter.faults.oracle.RunFacts.Period;

/**
 * What strikes at a fleet while it works.
 */
public interface Striker {

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

	/**
	 * Lists the nodes that were ended.
	 * @return their ends
	 */
	default List<NodeEnd> ends() {
		return List.of();
	}

	/**
	 * Lists when the database was not there, or not as it should be. In these times
	 * bodies fail, and run again.
	 * @return the times
	 */
	default List<Period> disturbances() {
		return List.of();
	}

	/**
	 * Makes a striker for a run.
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Makes it.
		 * @param database the fleet's database
		 * @param fleet the fleet, which has no nodes yet
		 * @param scenario what happens to it
		 * @return what strikes
		 */
		Striker make(FleetDatabase database, Fleet fleet, Scenario scenario);

	}

}
