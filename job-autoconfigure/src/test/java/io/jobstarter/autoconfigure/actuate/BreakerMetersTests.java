package io.jobstarter.autoconfigure.actuate;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.jobstarter.BreakerInfo;
import io.jobstarter.BreakerState;
import io.jobstarter.JobOperations;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobPolicies;
import io.jobstarter.handler.JobQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link BreakerMeters}.
 */
class BreakerMetersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final AtomicInteger reads = new AtomicInteger();

	@Test
	void addsUpWhatWaitsForTheKeysOfAnInstanceAndReadsItOnceForAScrape() {
		new BreakerMeters(operations(parked("crm", 1), parked("smtp", 2), parked("smtp:a", 3), parked("smtps", 4)),
				handlers("smtp", "crm"))
			.bindTo(this.registry);
		assertThat(gauge("smtp")).isEqualTo(5);
		assertThat(gauge("crm")).isEqualTo(1);
		assertThat(this.reads).hasValue(1);
		assertThat(this.registry.getMeters()).hasSize(2);
	}

	private double gauge(String breaker) {
		return this.registry.get("background.jobs.parked").tag("breaker", breaker).gauge().value();
	}

	private static BreakerInfo parked(String name, long count) {
		return new BreakerInfo(name, BreakerState.OPEN, null, null, null, null, null, count);
	}

	private static HandlerRegistry handlers(String... instances) {
		return new HandlerRegistry(List.of(instances)
			.stream()
			.map((instance) -> new JobDefinition("job-" + instance, Set.of(), "a test", null, JobQueue.of("default"), 0,
					null, false, true, List.of(), List.of(), new JobPolicies(null, instance, null, null),
					(payload, attempt) -> {
					}))
			.toList());
	}

	private JobOperations operations(BreakerInfo... breakers) {
		return (JobOperations) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { JobOperations.class }, (proxy, method, arguments) -> {
					this.reads.incrementAndGet();
					return List.of(breakers);
				});
	}

}
