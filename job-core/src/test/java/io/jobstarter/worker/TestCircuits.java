package io.jobstarter.worker;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.circuit.Circuits;
import io.jobstarter.circuit.LocalBreaker;
import io.jobstarter.circuit.LocalBreakers;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.support.SafeEvents;

/**
 * The circuit breakers of nodes whose jobs name none.
 */
final class TestCircuits {

	static final LocalBreakers NO_BREAKERS = new LocalBreakers() {

		@Override
		public Set<String> instances() {
			return Set.of();
		}

		@Override
		public LocalBreaker create(String instance, String name, LocalBreaker.Listener listener) {
			throw new IllegalStateException("No job names a circuit breaker");
		}

	};

	private TestCircuits() {
	}

	static Circuits none(JdbcStores stores) {
		return new Circuits(NO_BREAKERS, Set.of(), stores.breakerStore(), new WakeUpHub(), new SafeEvents((event) -> {
		}), "test");
	}

	static Set<String> instances(Collection<JobDefinition> definitions) {
		return List.copyOf(definitions)
			.stream()
			.map((definition) -> definition.policies().circuitBreaker())
			.filter(Objects::nonNull)
			.collect(Collectors.toSet());
	}

}
