package io.jobstarter.support;

import io.jobstarter.JobEvent;

/**
 * A part of the engine that hears every event. Applications listen to Spring's events
 * instead, which cost more for each job.
 */
@FunctionalInterface
public interface JobEventListener {

	/**
	 * Hears of an event, in the thread that it happened in.
	 * @param event what happened
	 */
	void hear(JobEvent event);

	/**
	 * Hears of an event of an attempt of this node, of which more is known.
	 * @param event what happened
	 * @param attempt the attempt
	 */
	default void hear(JobEvent event, AttemptDetails attempt) {
		hear(event);
	}

}
