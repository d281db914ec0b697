package io.jobstarter;

import java.time.Instant;

/**
 * What happened to a recurring job, published as a Spring application event on the node
 * that did it, after it was committed. A listener that fails is logged and changes
 * nothing.
 */
public sealed interface RecurringEvent {

	/**
	 * The recurring job concerned.
	 * @return its id
	 */
	String id();

	/**
	 * It fired, and its job is enqueued.
	 *
	 * @param id its id
	 * @param at the instant by its schedule
	 * @param job the job
	 */
	record Fired(String id, Instant at, JobId job) implements RecurringEvent {
	}

	/**
	 * A fire was left out, since the previous job was not over.
	 *
	 * @param id its id
	 * @param at the instant by its schedule
	 */
	record Skipped(String id, Instant at) implements RecurringEvent {
	}

	/**
	 * Fires were noticed too late, and are not made up for.
	 *
	 * @param id its id
	 * @param count how many
	 */
	record Missed(String id, long count) implements RecurringEvent {
	}

}
