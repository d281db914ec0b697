package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.BreakerInfo;
import io.jobstarter.JobOperations;
import io.jobstarter.handler.HandlerRegistry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * What Resilience4j's own meters do not know of circuit breakers: how many jobs wait for
 * them. By instance: keys come from payloads, and make no tags.
 */
public class BreakerMeters implements MeterBinder {

	private static final Duration MEMORY = Duration.ofSeconds(10);

	private final JobOperations operations;

	private final Set<String> instances;

	private @Nullable List<BreakerInfo> breakers;

	private long readAt = System.nanoTime() - MEMORY.toNanos();

	/**
	 * Makes the meters.
	 * @param operations tells what waits
	 * @param handlers whose circuit breakers are shown
	 */
	public BreakerMeters(JobOperations operations, HandlerRegistry handlers) {
		this.operations = operations;
		this.instances = handlers.definitions()
			.stream()
			.map((definition) -> definition.policies().circuitBreaker())
			.filter(Objects::nonNull)
			.collect(Collectors.toSet());
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (String instance : this.instances) {
			Gauge.builder("background.jobs.parked", () -> parked(instance))
				.tag("breaker", instance)
				.description("Jobs that wait for a circuit breaker")
				.baseUnit("jobs")
				.register(registry);
		}
	}

	private synchronized double parked(String instance) {
		refresh();
		if (this.breakers == null) {
			return Double.NaN;
		}
		return this.breakers.stream()
			.filter((breaker) -> breaker.name().equals(instance) || breaker.name().startsWith(instance + ":"))
			.mapToLong(BreakerInfo::parked)
			.sum();
	}

	// A scrape asks for each of them.
	private void refresh() {
		if (System.nanoTime() - this.readAt < MEMORY.toNanos()) {
			return;
		}
		this.readAt = System.nanoTime();
		try {
			this.breakers = this.operations.breakers();
		}
		catch (RuntimeException ex) {
			// A scrape shows that nothing is known; health says why.
			this.breakers = null;
		}
	}

}
