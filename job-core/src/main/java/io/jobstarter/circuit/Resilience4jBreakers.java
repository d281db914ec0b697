package io.jobstarter.circuit;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;

/**
 * Breakers of Resilience4j. They stand in the application's registry, so that its meters
 * show them, under names of their own: what the application itself calls through an
 * instance is not counted here, nor cut off by a breaker of jobs.
 */
public final class Resilience4jBreakers implements LocalBreakers {

	/** What the names of breakers of jobs begin with, in the registry. */
	public static final String PREFIX = "background-jobs.";

	private final List<CircuitBreakerRegistry> registries;

	private final Supplier<List<CircuitBreaker>> others;

	/**
	 * Makes them.
	 * @param registries the application's registries; breakers of jobs are added to the
	 * first
	 * @param others lists instances that are in none
	 */
	public Resilience4jBreakers(List<CircuitBreakerRegistry> registries, Supplier<List<CircuitBreaker>> others) {
		this.registries = List.copyOf(registries);
		this.others = others;
	}

	@Override
	public Set<String> instances() {
		return all().map(CircuitBreaker::getName)
			.filter((name) -> !name.startsWith(PREFIX))
			.collect(Collectors.toSet());
	}

	// A registry that is asked for a name makes up what it does not have.
	private Stream<CircuitBreaker> all() {
		return Stream.concat(
				this.registries.stream().map(CircuitBreakerRegistry::getAllCircuitBreakers).flatMap(Collection::stream),
				this.others.get().stream());
	}

	@Override
	public LocalBreaker create(String instance, String name, LocalBreaker.Listener listener) {
		CircuitBreakerConfig configured = all().filter((breaker) -> breaker.getName().equals(instance))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("There is no circuit breaker instance '" + instance + "'"))
			.getCircuitBreakerConfig();
		CircuitBreakerConfig config = CircuitBreakerConfig.from(configured)
			.automaticTransitionFromOpenToHalfOpenEnabled(false)
			.build();
		String shown = PREFIX + name;
		Optional<CircuitBreakerRegistry> registry = this.registries.stream().findFirst();
		CircuitBreaker breaker = registry.map((first) -> first.circuitBreaker(shown, config))
			.orElseGet(() -> CircuitBreaker.of(shown, config));
		return new Resilience4jBreaker(breaker, listener, () -> registry.ifPresent((first) -> first.remove(shown)));
	}

}
