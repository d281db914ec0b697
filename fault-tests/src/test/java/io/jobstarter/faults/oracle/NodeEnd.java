package io.jobstarter.faults.oracle;

import java.time.Instant;
import java.util.Set;

import io.jobstarter.faults.oracle.Evidence.Start;

/**
 * The end of a node, or of its claims: it may stand still for longer than its lease.
 *
 * @param node the node's name
 * @param pid its process
 * @param signal how it ended
 * @param at when it was known to be gone, or to stand still, by the database's clock
 * @param held the jobs whose rows still named it when it was gone
 */
public record NodeEnd(String node, long pid, Signal signal, Instant at, Set<Integer> held) {

	/**
	 * Tells whether others find the node dead.
	 * @return whether that is a crash of what it held
	 */
	boolean isKill() {
		return this.signal != Signal.TERM;
	}

	/**
	 * Tells whether its process is gone.
	 * @return whether it is
	 */
	public boolean isOver() {
		return this.signal != Signal.STOP && this.signal != Signal.CUT;
	}

	/**
	 * Tells whether a start of a body may have been cut off by this end. What a node that
	 * stood still, or was cut off, was about to do, it does when it goes on.
	 * @param start the start
	 * @return whether it may
	 */
	boolean mayCutOff(Start start) {
		return start.pid() == this.pid && (!isOver() || !start.at().isAfter(this.at));
	}

	/**
	 * How a node is ended.
	 */
	public enum Signal {

		/** At once, as by the kernel. */
		KILL,

		/** As by a deployment: it drains first. */
		TERM,

		/** It stands still for longer than its lease, and goes on. */
		STOP,

		/** Cut off from the database: it lives, and may come back. */
		CUT

	}

}
