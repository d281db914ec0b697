package io.jobstarter.handler;

import io.jobstarter.JobAttempt;
import org.jspecify.annotations.Nullable;

/**
 * Calls the bean that handles a job.
 */
@FunctionalInterface
public interface JobInvoker {

	/**
	 * Calls the handler.
	 * @param payload the payload, or {@code null} if the handler takes none
	 * @param attempt the attempt
	 * @throws Exception what the handler threw, not wrapped
	 */
	void invoke(@Nullable Object payload, JobAttempt attempt) throws Exception;

	/**
	 * What the handler wants to hear of the ends of its jobs.
	 * @return its callbacks
	 */
	default JobCallbacks callbacks() {
		return JobCallbacks.NONE;
	}

	/**
	 * Checks that the handler can be called, as far as its bean is there already.
	 * @throws InvalidHandlerException if it cannot
	 */
	default void verify() {
	}

}
