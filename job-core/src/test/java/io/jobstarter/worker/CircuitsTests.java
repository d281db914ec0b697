package io.jobstarter.worker;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.jobstarter.BreakerState;
import io.jobstarter.circuit.Circuits;
import io.jobstarter.circuit.Resilience4jBreakers;
import io.jobstarter.execution.Permission;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobPolicies;
import io.jobstarter.handler.JobQueue;
import io.jobstarter.store.BreakerStore;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.support.SafeEvents;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a node asks and tells the database of circuit breakers.
 */
@Timeout(60)
class CircuitsTests {

	private static final JobDefinition DEFINITION = new JobDefinition("mail", Set.of(), "a test", null,
			JobQueue.of("default"), 0, null, false, true, List.of(), List.of(),
			new JobPolicies(null, "smtp", null, null), (payload, attempt) -> {
			});

	private final TestDatabase database = TestDatabase.h2();

	private final AtomicInteger calls = new AtomicInteger();

	private volatile boolean away;

	private final Circuits circuits = circuits();

	private Circuits circuits() {
		CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
		registry.circuitBreaker("smtp",
				CircuitBreakerConfig.custom().slidingWindowSize(2).minimumNumberOfCalls(2).build());
		return new Circuits(new Resilience4jBreakers(List.of(registry), List::of), Set.of("smtp"), store(),
				new WakeUpHub(), new SafeEvents((event) -> {
				}), "test");
	}

	private BreakerStore store() {
		BreakerStore store = this.database.stores().breakerStore();
		return (BreakerStore) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { BreakerStore.class },
				(proxy, method, arguments) -> {
					this.calls.incrementAndGet();
					if (this.away) {
						throw new DataAccessResourceFailureException("gone");
					}
					try {
						return method.invoke(store, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@AfterEach
	void close() {
		this.circuits.stop();
		this.database.close();
	}

	private void fail() {
		Permission.Granted granted = (Permission.Granted) this.circuits.ask(DEFINITION, null);
		granted.ended(new Permission.Ending(1, new IOException("down"), null));
	}

	private List<BreakerState> states() {
		return this.database.stores().operationsStore().breakers().stream().map((breaker) -> breaker.state()).toList();
	}

	@Test
	void asksNothingWhileEverythingIsClosed() {
		this.circuits.start(() -> {
		});
		await().untilAtomic(this.calls, Matchers.is(1));
		for (int i = 0; i < 100; i++) {
			this.circuits.seen(false);
			this.circuits.ask(DEFINITION, null);
		}
		this.circuits.seen(true);
		await().untilAtomic(this.calls, Matchers.greaterThan(1));
		assertThat(this.calls).hasValueLessThan(10);
	}

	@Test
	void hasHeardOfTheFleetBeforeAnythingIsClaimed() {
		this.database.stores().operationsStore().setBreaker("smtp", BreakerState.FORCED_OPEN, null, "alice");
		assertThat(this.circuits.ask(DEFINITION, null)).isInstanceOf(Permission.Granted.class);
		this.circuits.beforeClaiming();
		assertThat(this.circuits.ask(DEFINITION, null)).isInstanceOf(Permission.Refused.class);
		this.circuits.beforeClaiming();
		assertThat(this.calls).hasValue(1);
	}

	@Test
	void tellsTheFleetAsSoonAsItCanAndStopsUntilThen() {
		this.away = true;
		this.circuits.start(() -> {
		});
		fail();
		fail();
		await().untilAtomic(this.calls, Matchers.greaterThan(2));
		assertThat(this.circuits.ask(DEFINITION, null)).isInstanceOf(Permission.Refused.class);
		assertThat(states()).isEmpty();
		this.away = false;
		await().until(() -> states().equals(List.of(BreakerState.OPEN)));
	}

	@Test
	void hasALastWord() {
		this.circuits.start(() -> {
		});
		await().untilAtomic(this.calls, Matchers.is(1));
		this.away = true;
		fail();
		fail();
		await().untilAtomic(this.calls, Matchers.greaterThan(1));
		this.away = false;
		this.circuits.stop();
		assertThat(states()).containsExactly(BreakerState.OPEN);
	}

	@Test
	void opensForAnotherNodeThatHears() {
		this.circuits.start(() -> {
		});
		Circuits other = circuits();
		other.start(() -> {
		});
		try {
			fail();
			fail();
			await().until(() -> states().equals(List.of(BreakerState.OPEN)));
			other.changed();
			await().until(() -> other.ask(DEFINITION, null) instanceof Permission.Refused);
		}
		finally {
			other.stop();
		}
	}

}
