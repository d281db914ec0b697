package io.jobstarter.autoconfigure.actuate;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobPolicies;
import io.jobstarter.handler.JobQueue;
import org.jspecify.annotations.Nullable;

/**
 * Handlers that do nothing.
 */
final class Definitions {

	private Definitions() {
	}

	static HandlerRegistry registry(String... names) {
		return new HandlerRegistry(Arrays.stream(names).map((name) -> definition(name, null)).toList());
	}

	static HandlerRegistry withBreakers(String... instances) {
		return new HandlerRegistry(
				Arrays.stream(instances).map((instance) -> definition("job-" + instance, instance)).toList());
	}

	private static JobDefinition definition(String name, @Nullable String breaker) {
		return new JobDefinition(name, Set.of(), "a test", null, JobQueue.of("default"), 0, null, false, true,
				List.of(), List.of(), new JobPolicies(null, breaker, null, null), (payload, attempt) -> {
				});
	}

}
