package io.jobstarter;

import org.jspecify.annotations.Nullable;

/**
 * What became of one letter that was to be redriven.
 *
 * @param letter the id of the job that died
 * @param outcome what became of it
 * @param job the job in its place: the new one, the one that holds its key, or the one
 * that somebody else's redrive had made of it; {@code null} if there is none
 */
public record RedriveResult(JobId letter, Outcome outcome, @Nullable JobId job) {

	/**
	 * What can become of a letter.
	 */
	public enum Outcome {

		/** A job was enqueued in its place. */
		REDRIVEN,

		/**
		 * Another job holds the unique key of the one that died. It takes the letter's
		 * place, and none was enqueued.
		 */
		JOINED,

		/** Somebody has redriven it before: nothing was done. */
		ALREADY_REDRIVEN,

		/** Somebody has discarded it before: nothing was done. */
		DISCARDED,

		/** There is no such dead letter: nothing was done. */
		NOT_FOUND

	}

}
