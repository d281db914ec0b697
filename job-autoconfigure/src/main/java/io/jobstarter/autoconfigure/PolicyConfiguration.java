package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.Optional;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryRegistry;
import io.jobstarter.autoconfigure.BackgroundJobProperties.RetryBudget;
import io.jobstarter.execution.JobPermits;
import io.jobstarter.execution.Permission;
import io.jobstarter.execution.Resilience4jRateLimiters;
import io.jobstarter.execution.RetryBudgetPermits;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.policy.BackoffPolicy;
import io.jobstarter.policy.Resilience4jRetryPolicy;
import io.jobstarter.policy.RetryPolicies;
import io.jobstarter.policy.RetryPolicy;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * Policies that jobs name, and permits that are asked before an attempt begins. What
 * costs nothing if it refuses is asked first: a rate limiter takes no permission back.
 */
@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

	/** What jobs call what they have in a registry. */
	private static final String OWN = "background-jobs";

	@Bean
	@ConditionalOnMissingBean
	RetryPolicy backgroundJobRetryPolicy() {
		return BackoffPolicy.DEFAULT;
	}

	@Bean
	SmartInitializingSingleton backgroundJobPolicyNamesCheck(HandlerRegistry handlers,
			ObjectProvider<KnownPolicies> known) {
		return () -> PolicyNamesCheck.check(handlers, known.stream().toList());
	}

	@Bean
	@Order(100)
	JobPermits backgroundJobRetryBudget(BackgroundJobProperties properties) {
		RetryBudget budget = properties.retryBudget();
		if (budget.share() == null) {
			return (definition, payload) -> Permission.UNLIMITED;
		}
		return new RetryBudgetPermits(budget.share(), budget.min(), budget.window(), System::nanoTime);
	}

	/**
	 * Retry instances of Resilience4j.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RetryRegistry.class)
	static class RetryConfiguration {

		@Bean
		PolicyInstances<Retry, RetryRegistry> backgroundJobRetries(ObjectProvider<RetryRegistry> registries,
				ObjectProvider<Retry> beans) {
			return new PolicyInstances<>(PolicyKind.RETRY, registries, beans, RetryRegistry::getAllRetries,
					Retry::getName);
		}

		// A policy of the application's own is the default, whatever the instances are.
		@Bean
		RetryPolicies backgroundJobRetryPolicies(PolicyInstances<Retry, RetryRegistry> instances,
				RetryPolicy standard) {
			RetryPolicy unnamed = (standard != BackoffPolicy.DEFAULT) ? standard : (failures, error) -> {
				Optional<Retry> ours = instances.find(OWN);
				return ours.<RetryPolicy>map((retry) -> new Resilience4jRetryPolicy(retry::getRetryConfig))
					.orElse(standard)
					.delayAfter(failures, error);
			};
			return (name) -> (name != null) ? named(name, instances) : unnamed;
		}

		private static RetryPolicy named(String name, PolicyInstances<Retry, RetryRegistry> instances) {
			return new Resilience4jRetryPolicy(() -> instances.get(name).getRetryConfig());
		}

	}

	/**
	 * Rate limiter instances of Resilience4j.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RateLimiterRegistry.class)
	static class RateLimiterConfiguration {

		@Bean
		PolicyInstances<RateLimiter, RateLimiterRegistry> backgroundJobRateLimiterInstances(
				ObjectProvider<RateLimiterRegistry> registries, ObjectProvider<RateLimiter> beans) {
			return new PolicyInstances<>(PolicyKind.RATE_LIMITER, registries, beans,
					RateLimiterRegistry::getAllRateLimiters, RateLimiter::getName);
		}

		@Bean
		@Order(300)
		JobPermits backgroundJobRateLimiters(PolicyInstances<RateLimiter, RateLimiterRegistry> instances) {
			return new Resilience4jRateLimiters((name) -> ownLimiter(name, instances));
		}

		// In the registry, so that its meters are those of any other.
		private static RateLimiter ownLimiter(String name,
				PolicyInstances<RateLimiter, RateLimiterRegistry> instances) {
			RateLimiterConfig config = RateLimiterConfig.from(instances.get(name).getRateLimiterConfig())
				.timeoutDuration(Duration.ZERO)
				.build();
			String own = OWN + "." + name;
			return instances.registry()
				.map((registry) -> registry.rateLimiter(own, config))
				.orElseGet(() -> RateLimiter.of(own, config));
		}

	}

}
