package io.jobstarter.autoconfigure;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.jobstarter.circuit.Circuits;
import io.jobstarter.circuit.LocalBreaker;
import io.jobstarter.circuit.LocalBreakers;
import io.jobstarter.circuit.Resilience4jBreakers;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.worker.JobWorker;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * The circuit breakers of jobs. Without Resilience4j there are none, but what waits for
 * one of other nodes is released by this one as well.
 */
@Configuration(proxyBeanMethods = false)
class CircuitConfiguration {

	// After what costs nothing if it refuses, before what takes no permission back.
	@Bean
	@Order(200)
	Circuits backgroundJobCircuits(ObjectProvider<LocalBreakers> breakers, HandlerRegistry handlers, JdbcStores stores,
			WakeUpHub wakeUps, SafeEvents events) {
		return new Circuits(breakers.getIfAvailable(NoBreakers::new), named(handlers), stores.breakerStore(), wakeUps,
				events, JobWorker.nodeName());
	}

	@Bean
	SmartInitializingSingleton backgroundJobCircuitCheck(ObjectProvider<LocalBreakers> breakers,
			HandlerRegistry handlers) {
		return () -> CircuitNamesCheck.check(handlers, breakers.getIfAvailable());
	}

	private static Set<String> named(HandlerRegistry handlers) {
		return handlers.definitions()
			.stream()
			.map(JobDefinition::policies)
			.map((policies) -> policies.circuitBreaker())
			.filter(Objects::nonNull)
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	/**
	 * What there is without Resilience4j, where no handler names a circuit breaker: the
	 * start has made sure of it.
	 */
	private static final class NoBreakers implements LocalBreakers {

		@Override
		public Set<String> instances() {
			return Set.of();
		}

		@Override
		public LocalBreaker create(String instance, String name, LocalBreaker.Listener listener) {
			throw new IllegalStateException("There is no circuit breaker instance '" + instance + "'");
		}

	}

	/**
	 * Circuit breakers of Resilience4j.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(CircuitBreakerRegistry.class)
	static class Resilience4jConfiguration {

		@Bean
		LocalBreakers backgroundJobBreakers(ObjectProvider<CircuitBreakerRegistry> registries,
				ObjectProvider<CircuitBreaker> beans) {
			return new Resilience4jBreakers(registries.orderedStream().toList(), () -> beans.orderedStream().toList());
		}

	}

}
