package io.jobstarter.autoconfigure;

import java.util.function.Function;

import io.jobstarter.handler.JobPolicies;
import org.jspecify.annotations.Nullable;

/**
 * What a job may name an instance of.
 */
enum PolicyKind {

	/** Retries. */
	RETRY("retry", "resilience4j.retry", "RetryRegistry", JobPolicies::retry),

	/** Rate limiters. */
	RATE_LIMITER("rate limiter", "resilience4j.ratelimiter", "RateLimiterRegistry", JobPolicies::rateLimiter);

	private final String noun;

	private final String prefix;

	private final String registry;

	private final Function<JobPolicies, @Nullable String> name;

	PolicyKind(String noun, String prefix, String registry, Function<JobPolicies, @Nullable String> name) {
		this.noun = noun;
		this.prefix = prefix;
		this.registry = registry;
		this.name = name;
	}

	String noun() {
		return this.noun;
	}

	/**
	 * Where instances are configured.
	 * @return the beginning of the keys
	 */
	String prefix() {
		return this.prefix;
	}

	/**
	 * What holds the instances.
	 * @return the simple name of a type
	 */
	String registry() {
		return this.registry;
	}

	@Nullable String nameIn(JobPolicies policies) {
		return this.name.apply(policies);
	}

}
