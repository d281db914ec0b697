package io.jobstarter;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How far the handler of a job that died has been told: see {@link JobHandler#onDead}.
 *
 * @param state how far
 * @param tries how often it was called
 * @param endedAt when it returned, or was given up
 * @param error what the last call threw, if it failed
 */
public record DeadLetterCallback(State state, int tries, @Nullable Instant endedAt, @Nullable String error) {

	/**
	 * How far the handler has been told.
	 */
	public enum State {

		/** It is called, now or again, by a node that knows it. */
		PENDING,

		/** It has returned. */
		DONE,

		/** It failed each time. */
		FAILED

	}

}
