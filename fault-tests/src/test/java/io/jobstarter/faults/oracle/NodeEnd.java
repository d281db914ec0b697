package io.jobstarter.faults.oracle;

import java.time.Instant;
import java.util.Set;

/**
 * The end of a node.
 *
 * @param node the node's name
 * @param pid its process
 * @param signal how it ended
 * @param at when, by the database's clock, and no later than that
 * @param held the jobs whose rows still named it when it was gone
 */
public record NodeEnd(String node, long pid, Signal signal, Instant at, Set<Integer> held) {

	/**
	 * Tells whether others take what it held for the work of a node that has crashed.
	 * @return whether they do
	 */
	boolean isKill() {
		return this.signal == Signal.KILL || this.signal == Signal.CUT;
	}

	/**
	 * How a node is ended.
	 */
	public enum Signal {

		/** At once, as by the kernel. */
		KILL,

		/** As by a deployment: it drains first. */
		TERM,

		/** Cut off from the database: it lives, and may come back. */
		CUT

	}

}
