package io.jobstarter.store;

import org.jspecify.annotations.Nullable;

/**
 * How many slots of a queue a worker asks for, whose jobs are bounded over all nodes.
 *
 * @param name the queue's name, or the wildcard as it is configured
 * @param worker the worker
 * @param turn a number that rises with each question of the worker about this queue: one
 * that arrives late, after a later one was answered, changes nothing
 * @param held how many of its jobs the worker holds
 * @param wanted how many it could hold, {@code held} or more
 * @param declared the bound that its configuration names, or {@code null}
 */
public record FleetWish(String name, long worker, long turn, int held, int wanted, @Nullable Integer declared) {

	/**
	 * Asks for no more than is needed.
	 * @param needed how many
	 * @return the wish
	 */
	public FleetWish only(int needed) {
		return new FleetWish(this.name, this.worker, this.turn, this.held, needed, this.declared);
	}

}
