package io.jobstarter.circuit;

import java.util.Set;
import java.util.stream.Collectors;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;

/**
 * Breakers of Resilience4j. They stand in the application's registry, so that its meters
 * and its health show them, under names of their own: what the application itself calls
 * through an instance is not counted here, nor cut off by a breaker of jobs.
 */
public final class Resilience4jBreakers implements LocalBreakers {

	/** What the names of breakers of jobs begin with, in the registry. */
	public static final String PREFIX = "jobs:";

	private final CircuitBreakerRegistry registry;

	/**
	 * Makes them.
	 * @param registry the application's registry
	 */
	public Resilience4jBreakers(CircuitBreakerRegistry registry) {
		this.registry = registry;
	}

	@Override
	public Set<String> instances() {
		return this.registry.getAllCircuitBreakers()
			.stream()
			.map(CircuitBreaker::getName)
			.filter((name) -> !name.startsWith(PREFIX))
			.collect(Collectors.toSet());
	}

	// Asked for by its name, the registry would make up an instance that it does not
	// have.
	@Override
	public LocalBreaker create(String instance, String name, LocalBreaker.Listener listener) {
		CircuitBreakerConfig configured = this.registry.find(instance)
			.orElseThrow(() -> new IllegalStateException("There is no circuit breaker instance '" + instance + "'"))
			.getCircuitBreakerConfig();
		CircuitBreakerConfig config = CircuitBreakerConfig.from(configured)
			.automaticTransitionFromOpenToHalfOpenEnabled(false)
			.build();
		// Another node of the same application, in a test, say, has one of that name.
		this.registry.remove(PREFIX + name);
		CircuitBreaker breaker = this.registry.circuitBreaker(PREFIX + name, config);
		return new Resilience4jBreaker(breaker, listener, () -> this.registry.remove(breaker.getName()));
	}

}
