package io.jobstarter.handler;

import org.jspecify.annotations.Nullable;

/**
 * The named policies of a handler.
 *
 * @param retry the retry instance that decides where no rule of the handler matches, or
 * {@code null} for the default policy
 * @param circuitBreaker the circuit breaker instance whose configuration its breaker has,
 * or {@code null} for none
 * @param circuitBreakerKey makes of a payload which breaker it is for, so that there is
 * one for each result; {@code null} where there is one for all
 * @param rateLimiter the rate limiter instance whose configuration its limiter has, or
 * {@code null} for none
 */
public record JobPolicies(@Nullable String retry, @Nullable String circuitBreaker,
		@Nullable PayloadExpression circuitBreakerKey, @Nullable String rateLimiter) {

	/**
	 * Names none.
	 */
	public static final JobPolicies NONE = new JobPolicies(null, null, null, null);

}
