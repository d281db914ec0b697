package io.jobstarter.autoconfigure;

import java.util.Set;
import java.util.TreeSet;

import io.jobstarter.circuit.LocalBreakers;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.InvalidHandlerException;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.support.NearestName;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether there are the circuit breakers that handlers name: asked for one that it
 * does not have, a registry makes one of its defaults.
 */
final class CircuitNamesCheck {

	private static final int MAX_NAME = 150;

	private CircuitNamesCheck() {
	}

	static void check(HandlerRegistry handlers, @Nullable LocalBreakers breakers) {
		for (JobDefinition definition : handlers.definitions()) {
			String name = definition.policies().circuitBreaker();
			if (name != null) {
				check(definition, name, breakers);
			}
		}
	}

	private static void check(JobDefinition definition, String name, @Nullable LocalBreakers breakers) {
		String problem = "The job " + definition.name() + " of " + definition.source() + " names the circuit breaker '"
				+ name + "', ";
		if (breakers == null) {
			throw new InvalidHandlerException(problem + "but Resilience4j is not there",
					"Add resilience4j-spring-boot3, or name none");
		}
		Set<String> known = new TreeSet<>(breakers.instances());
		if (!known.contains(name)) {
			throw new InvalidHandlerException(problem + "which there is not",
					NearestName.of(name, known).map((near) -> "Did you mean '" + near + "'? ").orElse("")
							+ "Configure resilience4j.circuitbreaker.instances." + name
							+ ", or name one that there is: " + (known.isEmpty() ? "none so far" : known));
		}
		if (name.length() > MAX_NAME || name.contains(":")) {
			throw new InvalidHandlerException(problem + "whose name cannot be one of all nodes",
					"Let it have at most " + MAX_NAME + " characters and no colon, which separates the key");
		}
	}

}
