package io.jobstarter.handler;

import io.jobstarter.DeadLetter;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What a handler wants to hear of the ends of its jobs.
 */
public interface JobCallbacks {

	/** Wants to hear nothing. */
	JobCallbacks NONE = new JobCallbacks() {
	};

	/**
	 * Whether it wants to hear of dead letters. To be asked when the beans are there:
	 * only then is it known which class a bean has.
	 * @return whether {@link #onDead} does anything
	 */
	default boolean hearsOfDeath() {
		return false;
	}

	/**
	 * Tells it of a dead letter.
	 * @param payload the payload, or {@code null} if the handler takes none
	 * @param letter the dead letter
	 * @throws Exception what the handler threw, not wrapped
	 */
	default void onDead(@Nullable Object payload, DeadLetter letter) throws Exception {
	}

	/**
	 * Whether it wants to hear of discards.
	 * @return whether {@link #onDiscard} does anything
	 */
	default boolean hearsOfDiscard() {
		return false;
	}

	/**
	 * Tells it of a discard.
	 * @param payload the payload, or {@code null} if the handler takes none
	 * @param attempt the attempt that ended so
	 * @param outcome why
	 * @throws Exception what the handler threw, not wrapped
	 */
	default void onDiscard(@Nullable Object payload, JobAttempt attempt, JobOutcome.Discarded outcome)
			throws Exception {
	}

	/**
	 * Checks that they can be called, as far as their bean is there already.
	 * @throws InvalidHandlerException if they cannot
	 */
	default void verify() {
	}

}
