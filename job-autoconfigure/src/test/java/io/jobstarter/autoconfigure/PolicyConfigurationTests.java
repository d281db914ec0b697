package io.jobstarter.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.common.retry.configuration.RetryConfigCustomizer;
import io.github.resilience4j.core.IntervalBiFunction;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.springboot3.ratelimiter.autoconfigure.RateLimiterAutoConfiguration;
import io.github.resilience4j.springboot3.retry.autoconfigure.RetryAutoConfiguration;
import io.jobstarter.BackgroundJob;
import io.jobstarter.DeadLetter;
import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobNotPermittedException;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.execution.JobPermits;
import io.jobstarter.execution.RetryBudgetPermits;
import io.jobstarter.policy.FailureRules;
import io.jobstarter.policy.FailureVerdict;
import io.jobstarter.policy.RetryPolicies;
import io.jobstarter.policy.RetryPolicy;
import io.jobstarter.policy.RuleCounts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what jobs take from the instances that an application has configured.
 */
class PolicyConfigurationTests {

	private static final Exception ERROR = new IOException("no route");

	private final ApplicationContextRunner application = Contexts.onH2()
		.withConfiguration(AutoConfigurations.of(RetryAutoConfiguration.class, RateLimiterAutoConfiguration.class))
		.withUserConfiguration(Greetings.class);

	@Test
	void aJobIsRetriedAsTheInstanceSaysThatItNames() {
		this.application.withUserConfiguration(Failing.class)
			.withPropertyValues("resilience4j.retry.instances.mail.max-attempts=2",
					"resilience4j.retry.instances.mail.wait-duration=10ms")
			.run((context) -> {
				DeadLetter letter = deadLetterOf(context, context.getBean(JobClient.class).enqueue(new Fail()).id());
				assertThat(letter.attempts()).isEqualTo(2);
				Retry retry = context.getBean(RetryRegistry.class).retry("mail");
				assertThat(retry.getMetrics().getNumberOfFailedCallsWithRetryAttempt()).as("the decorator").isZero();
			});
	}

	@Test
	void anErrorThatTheInstanceIgnoresIsADeadLetterAtOnce() {
		this.application.withUserConfiguration(Failing.class)
			.withPropertyValues("resilience4j.retry.instances.mail.max-attempts=9",
					"resilience4j.retry.instances.mail.ignore-exceptions=java.io.IOException")
			.run((context) -> assertThat(
					deadLetterOf(context, context.getBean(JobClient.class).enqueue(new Fail()).id()).attempts())
				.isEqualTo(1));
	}

	@Test
	void takesWhatAnInstanceInheritsAndWhatCustomizersAndFunctionsSay() {
		this.application.withUserConfiguration(Customized.class)
			.withPropertyValues("resilience4j.retry.configs.default.max-attempts=4",
					"resilience4j.retry.configs.slow.wait-duration=1h",
					"resilience4j.retry.configs.slow.max-attempts=7",
					"resilience4j.retry.instances.inherits-default.wait-duration=1s",
					"resilience4j.retry.instances.inherits-slow.base-config=slow",
					"resilience4j.retry.instances.by-function.interval-bi-function=" + ByMessage.class.getName())
			.run((context) -> {
				assertThat(delays(context, "inherits-default")).hasSize(3).containsOnly(Duration.ofSeconds(1));
				assertThat(delays(context, "inherits-slow")).hasSize(6).containsOnly(Duration.ofHours(1));
				assertThat(delays(context, "by-function")).startsWith(Duration.ofMillis(8), Duration.ofMillis(16));
				assertThat(delays(context, "customized")).hasSize(1);
				assertThat(delays(context, "bean")).hasSize(5);
				assertThat(delays(context, "late")).hasSize(2);
			});
	}

	@Test
	void resilience4jsDefaultsNeverChangeOurs() {
		this.application.withPropertyValues("resilience4j.retry.configs.default.max-attempts=2")
			.run((context) -> assertThat(delays(context, null)).hasSize(9)
				.first()
				.satisfies((first) -> assertThat(first).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4))));
	}

	@Test
	void anInstanceOfOurNameChangesTheDefault() {
		this.application
			.withPropertyValues("resilience4j.retry.instances.background-jobs.max-attempts=3",
					"resilience4j.retry.instances.background-jobs.wait-duration=7s")
			.run((context) -> assertThat(delays(context, null)).containsExactly(Duration.ofSeconds(7),
					Duration.ofSeconds(7)));
	}

	@Test
	void aPolicyOfTheApplicationIsTheDefaultBesideNamedOnes() {
		this.application.withBean(RetryPolicy.class, () -> (failures, error) -> Optional.empty())
			.withPropertyValues("resilience4j.retry.instances.background-jobs.max-attempts=3",
					"resilience4j.retry.instances.mail.max-attempts=5")
			.run((context) -> {
				assertThat(delays(context, null)).isEmpty();
				assertThat(delays(context, "mail")).hasSize(4);
			});
	}

	@Test
	void startsWithoutResilience4jWhereNobodyNamesAPolicy() {
		Contexts.onH2()
			.withUserConfiguration(Greetings.class)
			.withClassLoader(new FilteredClassLoader("io.github.resilience4j"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RetryPolicies.class));
	}

	@Test
	void saysWhatIsMissingWhereAPolicyIsNamedWithoutResilience4j() {
		Contexts.onH2()
			.withUserConfiguration(Greetings.class)
			.withClassLoader(new FilteredClassLoader("io.github.resilience4j"))
			.withPropertyValues("background-jobs.jobs.greet.rate-limiter=slow")
			.run((context) -> assertThat(context).getFailure()
				.hasMessage("The job greet (" + Greetings.class.getName() + ".greet()) names the rate limiter 'slow', "
						+ "but the application has no Resilience4j to take it from. Add "
						+ "io.github.resilience4j:resilience4j-spring-boot3, or a bean of the type "
						+ "RateLimiterRegistry, or name none"));
	}

	@Test
	void aJobThatTheLimiterRefusesWaitsAndRunsNowOnlyIfItMay() {
		this.application
			.withPropertyValues("background-jobs.jobs.greet.rate-limiter=slow",
					"resilience4j.ratelimiter.instances.slow.limit-for-period=1",
					"resilience4j.ratelimiter.instances.slow.limit-refresh-period=1h")
			.run((context) -> {
				JobClient client = context.getBean(JobClient.class);
				client.runNow(new Greet("first"));
				JobId id = client.enqueue(new Greet("second")).id();
				JobOperations operations = context.getBean(JobOperations.class);
				await().until(() -> operations.find(id).map(JobInfo::state).orElseThrow() == JobState.SCHEDULED);
				assertThat(operations.failures(id)).isEmpty();
				assertThat(operations.find(id).orElseThrow().attempts()).isZero();
				assertThatExceptionOfType(JobNotPermittedException.class)
					.isThrownBy(() -> client.runNow(new Greet("third")))
					.withMessageContaining("the rate limiter background-jobs.slow has no permission left");
				assertThat(context.getBean(Greetings.class).greeted()).containsExactly("first");
				RateLimiterRegistry registry = context.getBean(RateLimiterRegistry.class);
				assertThat(registry.rateLimiter("slow").getMetrics().getAvailablePermissions())
					.as("what is left to the application's own traffic")
					.isEqualTo(1);
			});
	}

	@Test
	void theBudgetOfRetriesIsOffUntilItHasAShare() {
		this.application
			.run((context) -> assertThat(permits(context)).doesNotHaveAnyElementsOfTypes(RetryBudgetPermits.class));
		this.application.withPropertyValues("background-jobs.retry-budget.share=0.2")
			.run((context) -> assertThat(permits(context)).first().isInstanceOf(RetryBudgetPermits.class));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void whatResilience4jThrowsWhereItLetsNobodyThroughUsesUpNoAttempt(Throwable refusal) {
		FailureRules rules = FailureRules.of(List.of(), List.of(), UnaryOperator.identity(),
				(failures, error) -> Optional.empty());
		assertThat(rules.judge(new IllegalStateException(refusal), 99, RuleCounts.NONE, Instant.EPOCH))
			.isInstanceOf(FailureVerdict.Snooze.class);
	}

	static Stream<Throwable> refusals() {
		return Stream.of(CallNotPermittedException.createCallNotPermittedException(CircuitBreaker.ofDefaults("smtp")),
				RequestNotPermitted.createRequestNotPermitted(RateLimiter.ofDefaults("smtp")),
				BulkheadFullException.createBulkheadFullException(Bulkhead.ofDefaults("smtp")));
	}

	private static List<JobPermits> permits(ApplicationContext context) {
		return context.getBeanProvider(JobPermits.class).orderedStream().toList();
	}

	private static DeadLetter deadLetterOf(ApplicationContext context, JobId id) {
		JobOperations operations = context.getBean(JobOperations.class);
		await().until(() -> operations.deadLetter(id).isPresent());
		return operations.deadLetter(id).orElseThrow();
	}

	private static List<Duration> delays(ApplicationContext context, @Nullable String name) {
		RetryPolicy policy = context.getBean(RetryPolicies.class).named(name);
		return Stream.iterate(1, (failures) -> failures + 1)
			.map((failures) -> policy.delayAfter(failures, ERROR))
			.takeWhile(Optional::isPresent)
			.map(Optional::orElseThrow)
			.toList();
	}

	/**
	 * Fails.
	 */
	record Fail() {
	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@BackgroundJob(retry = "mail")
		void fail(Fail fail) throws IOException {
			throw new IOException("no route");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		RetryConfigCustomizer customizer() {
			return RetryConfigCustomizer.of("customized", (builder) -> builder.maxAttempts(2));
		}

		@Bean
		Retry retryOfItsOwn() {
			return Retry.of("bean", RetryConfig.custom().maxAttempts(6).build());
		}

		@Bean
		Object addsToTheRegistry(RetryRegistry registry) {
			return registry.retry("late", RetryConfig.custom().maxAttempts(3).build());
		}

	}

	/**
	 * Waits for as long as the message is.
	 */
	public static final class ByMessage implements IntervalBiFunction<Object> {

		@Override
		public Long apply(Integer attempt, Either<Throwable, Object> result) {
			return (long) attempt * result.getLeft().getMessage().length();
		}

	}

}
