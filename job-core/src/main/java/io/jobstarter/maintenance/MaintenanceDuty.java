package io.jobstarter.maintenance;

import java.time.Duration;

/**
 * Something that every node does from time to time, in bounded transactions. Any number
 * of nodes may do it at the same time.
 */
public interface MaintenanceDuty {

	/**
	 * Does one round.
	 * @return how long to wait before the next
	 */
	Duration run();

	/**
	 * Hands over what lets the next round begin at once. Called once, before the first
	 * round; does nothing by default.
	 * @param hurry may be called from any thread, at any time; does no I/O
	 */
	default void hurriedBy(Runnable hurry) {
	}

}
