package io.jobstarter.handler;

import java.util.function.UnaryOperator;

import io.jobstarter.BackgroundJob;
import io.jobstarter.InvalidJobException;
import org.jspecify.annotations.Nullable;

/**
 * Reads which policies a declaration names. Whether there are such, those say who know
 * them.
 */
final class PolicyNames {

	private PolicyNames() {
	}

	static JobPolicies of(BackgroundJob annotation, PolicyOverrides override, UnaryOperator<String> placeholders,
			@Nullable String defaultRetry, @Nullable Class<?> payloadType) {
		String retry = choose(override.retry(), placeholders.apply(annotation.retry()), defaultRetry);
		String breaker = choose(override.circuitBreaker(), placeholders.apply(annotation.circuitBreaker()), null);
		String key = choose(override.circuitBreakerKey(), placeholders.apply(annotation.circuitBreakerKey()), null);
		String limiter = choose(override.rateLimiter(), placeholders.apply(annotation.rateLimiter()), null);
		// A breaker that the configuration took away takes its key along.
		boolean taken = breaker == null && override.circuitBreaker() != null;
		return new JobPolicies(retry, breaker,
				(key == null || taken) ? null : circuitBreakerKey(key, breaker, payloadType), limiter);
	}

	private static @Nullable String choose(@Nullable String configured, String declared, @Nullable String standard) {
		if (configured != null) {
			return configured.isBlank() ? null : configured.strip();
		}
		return declared.isBlank() ? standard : declared.strip();
	}

	private static PayloadExpression circuitBreakerKey(String key, @Nullable String breaker,
			@Nullable Class<?> payloadType) {
		if (breaker == null) {
			throw new InvalidJobException("There is a circuitBreakerKey, but no circuitBreaker");
		}
		if (payloadType == null) {
			throw new InvalidJobException("The circuitBreakerKey '" + key + "' needs a payload, but there is none");
		}
		if (!PayloadExpression.isIn(key)) {
			throw new InvalidJobException("The circuitBreakerKey '" + key
					+ "' is the same for every payload: write an expression, such as #{payload.tenant()}");
		}
		return PayloadExpression.parse(key);
	}

}
