package io.jobstarter.faults.kill;

import java.time.Duration;
import java.util.List;

import io.jobstarter.faults.oracle.NodeEnd;
import io.jobstarter.faults.oracle.RunFacts.Period;

/**
 * What is done to a fleet while it works.
 */
public interface Striker {

	/**
	 * Says how long to wait for the next strike.
	 * @return the wait
	 */
	Duration pause();

	/**
	 * Strikes, unless this is not the moment for it.
	 * @return whether it has
	 */
	boolean strike();

	/**
	 * Lists the nodes that were ended.
	 * @return their ends
	 */
	default List<NodeEnd> ends() {
		return List.of();
	}

	/**
	 * Lists when the database was not there, or not as it should be. In these times bodies
	 * fail, and run again.
	 * @return the times
	 */
	default List<Period> disturbances() {
		return List.of();
	}

}
