package io.jobstarter.policy;

import org.jspecify.annotations.Nullable;

/**
 * Knows the retry policies by their names.
 */
@FunctionalInterface
public interface RetryPolicies {

	/**
	 * Finds a policy. That the name is known has been checked at start.
	 * @param name its name, or {@code null} for the default policy
	 * @return the policy
	 */
	RetryPolicy named(@Nullable String name);

}
