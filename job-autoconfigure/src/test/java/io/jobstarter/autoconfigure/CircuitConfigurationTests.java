package io.jobstarter.autoconfigure;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.jobstarter.BackgroundJob;
import io.jobstarter.BreakerState;
import io.jobstarter.JobClient;
import io.jobstarter.JobFilter;
import io.jobstarter.JobNotPermittedException;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Circuit breakers of an application.
 */
class CircuitConfigurationTests {

	record Send() {
	}

	static class Mails {

		@BackgroundJob(circuitBreaker = "smtp")
		void send(Send send) {
			throw new IllegalStateException("down");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Breakers {

		@Bean
		CircuitBreakerRegistry breakers() {
			CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
			registry.circuitBreaker("smtp",
					CircuitBreakerConfig.custom().slidingWindowSize(2).minimumNumberOfCalls(2).build());
			return registry;
		}

	}

	@Test
	void takesTheConfigurationOfAnInstanceAndLeavesTheInstanceAlone() {
		Contexts.onH2().withBean(Mails.class).withUserConfiguration(Breakers.class).run((context) -> {
			JobClient jobs = context.getBean(JobClient.class);
			JobOperations operations = context.getBean(JobOperations.class);
			jobs.enqueue(new Send());
			jobs.enqueue(new Send());
			await().until(() -> !operations.breakers().isEmpty());
			assertThat(operations.breakers().get(0).name()).isEqualTo("smtp");
			assertThat(operations.breakers().get(0).state()).isEqualTo(BreakerState.OPEN);
			jobs.enqueue(new Send());
			await().until(() -> !operations.find(JobFilter.in(JobState.BLOCKED), null, 10).items().isEmpty());
			assertThatExceptionOfType(JobNotPermittedException.class).isThrownBy(() -> jobs.runNow(new Send()));
			CircuitBreakerRegistry registry = context.getBean(CircuitBreakerRegistry.class);
			assertThat(registry.circuitBreaker("background-jobs.smtp").getState()).isEqualTo(CircuitBreaker.State.OPEN);
			assertThat(registry.circuitBreaker("smtp").getState()).isEqualTo(CircuitBreaker.State.CLOSED);
		});
	}

	@Test
	void anInstanceMayBeABeanOfItsOwn() {
		Contexts.onH2()
			.withBean(Mails.class)
			.withBean(CircuitBreaker.class, () -> CircuitBreaker.ofDefaults("smtp"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThatExceptionOfType(IllegalStateException.class)
					.isThrownBy(() -> context.getBean(JobClient.class).runNow(new Send()))
					.withMessage("down");
			});
	}

	@Test
	void withoutResilience4jANameStopsTheStart() {
		Contexts.onH2()
			.withBean(Mails.class)
			.withClassLoader(new FilteredClassLoader(CircuitBreakerRegistry.class, CircuitBreaker.class))
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("names the circuit breaker 'smtp', but Resilience4j is not there")
				.hasMessageContaining("Add resilience4j-spring-boot3"));
	}

}
