package io.jobstarter.faults.fleet;

import java.time.Duration;
import java.time.Instant;

/**
 * What was done to a node. Times are the database's.
 *
 * @param node the node's name
 * @param pid its process
 * @param kind what was done
 * @param from when, and no later than that
 * @param to when it was known to be gone, or no earlier than it went on
 */
public record Strike(String node, long pid, Kind kind, Instant from, Instant to) {

	public Duration length() {
		return Duration.between(this.from, this.to);
	}

	/**
	 * What can be done to a node.
	 */
	public enum Kind {

		/** It is gone at once. */
		KILL,

		/** It stands still for a while. */
		FREEZE

	}

}
