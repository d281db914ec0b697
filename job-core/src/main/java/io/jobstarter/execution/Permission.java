package io.jobstarter.execution;

import io.jobstarter.JobOutcome;
import io.jobstarter.execution.AttemptContext.InterruptReason;
import org.jspecify.annotations.Nullable;

/**
 * What {@link JobPermits} say.
 */
public sealed interface Permission {

	/**
	 * The permission of an attempt that nothing limits.
	 */
	Granted UNLIMITED = new Granted() {
	};

	/**
	 * The attempt may not begin.
	 *
	 * @param outcome what becomes of the job meanwhile; uses up no attempt
	 * @param reason why, for whoever ran the job without a row
	 */
	record Refused(JobOutcome outcome, String reason) implements Permission {
	}

	/**
	 * The attempt may begin. Exactly one of the methods is called after it, once, in the
	 * same thread. What they throw is logged and changes nothing.
	 */
	non-sealed interface Granted extends Permission {

		/**
		 * The attempt did not begin, since somebody else refused it.
		 */
		default void unused() {
		}

		/**
		 * The attempt has ended: interceptors and handler have returned or thrown.
		 * @param ending how
		 */
		default void ended(Ending ending) {
		}

	}

	/**
	 * How an attempt ended.
	 *
	 * @param nanos how long it took
	 * @param error what was thrown, a signal or an interrupt's consequence included, or
	 * {@code null} if it returned
	 * @param interrupted why it was asked to end early, or {@code null} if it was not
	 */
	record Ending(long nanos, @Nullable Throwable error, @Nullable InterruptReason interrupted) {
	}

}
