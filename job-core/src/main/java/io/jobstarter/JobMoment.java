package io.jobstarter;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that happened to a job, or is to come.
 *
 * @param at when
 * @param kind what kind of thing
 * @param text what it was, for people
 * @param details the figures by themselves: texts and numbers
 */
public record JobMoment(Instant at, Kind kind, String text, Map<String, Object> details) {

	public JobMoment {
		details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
	}

	/**
	 * What kind of thing happened.
	 */
	public enum Kind {

		/** It was enqueued. */
		ENQUEUED,

		/** It is or was due, for the first time or another attempt. */
		DUE,

		/** A worker claimed it for its present or last attempt. */
		STARTED,

		/** An attempt failed. */
		FAILED,

		/** It waits for a circuit breaker. */
		PARKED,

		/** It became a dead letter. */
		DIED,

		/** Its handler was told of its death. */
		CALLBACK,

		/** Another job was enqueued in its place. */
		REDRIVEN,

		/** It succeeded. */
		SUCCEEDED,

		/** It was discarded. */
		DISCARDED,

		/** It was cancelled. */
		CANCELLED

	}

}
