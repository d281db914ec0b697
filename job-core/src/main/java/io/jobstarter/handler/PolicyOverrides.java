package io.jobstarter.handler;

import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about the policies of one job; {@code null} leaves it to
 * the annotation, and an empty text takes away what that names.
 *
 * @param retry the retry instance
 * @param circuitBreaker the circuit breaker instance
 * @param circuitBreakerKey the expression that chooses the breaker
 * @param rateLimiter the rate limiter instance
 */
public record PolicyOverrides(@Nullable String retry, @Nullable String circuitBreaker,
		@Nullable String circuitBreakerKey, @Nullable String rateLimiter) {

	/**
	 * Leaves all to the annotation.
	 */
	public static final PolicyOverrides NONE = new PolicyOverrides(null, null, null, null);

}
