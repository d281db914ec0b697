package io.jobstarter.execution;

import io.jobstarter.JobAttempt;
import io.jobstarter.handler.JobDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Says whether an attempt may begin now: a rate limiter, a circuit breaker. It is asked
 * in the thread of the attempt, right before its interceptors and its handler, and must
 * not wait.
 */
@FunctionalInterface
public interface JobPermits {

	/**
	 * Asks for one attempt.
	 * @param definition the job's handler
	 * @param payload the payload, or {@code null} if there is none
	 * @return whether it may begin
	 */
	Permission ask(JobDefinition definition, @Nullable Object payload);

	/**
	 * Asks for one attempt, of which more has to be known.
	 * @param definition the job's handler
	 * @param payload the payload, or {@code null} if there is none
	 * @param attempt the attempt
	 * @return whether it may begin
	 */
	default Permission ask(JobDefinition definition, @Nullable Object payload, JobAttempt attempt) {
		return ask(definition, payload);
	}

}
