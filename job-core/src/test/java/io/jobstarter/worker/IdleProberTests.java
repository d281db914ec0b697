package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.jobstarter.BreakerState;
import io.jobstarter.JobFilter;
import io.jobstarter.JobSnooze;
import io.jobstarter.JobState;
import io.jobstarter.circuit.LocalBreakers;
import io.jobstarter.circuit.Resilience4jBreakers;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A prober that lives and has no jobs to probe with, while others have.
 */
class IdleProberTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final Set<String> ran = ConcurrentHashMap.newKeySet();

	record Send(String to) {
	}

	private static LocalBreakers breakers() {
		CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
		registry.circuitBreaker("smtp", CircuitBreakerConfig.custom().permittedNumberOfCallsInHalfOpenState(1).build());
		return new Resilience4jBreakers(List.of(registry), List::of);
	}

	private TestNode node(TestDatabase database, String queue) {
		return TestNode.on(database).breakers(breakers()).queue(queue, 1).handle(Send.class, (send, attempt) -> {
			this.ran.add(send.to());
			if (send.to().equals("nobody")) {
				throw JobSnooze.by(Duration.ofHours(1));
			}
		}, new TestNode.Traits().circuitBreaker("smtp")).build();
	}

	private static long count(TestNode node, JobState state) {
		return node.operations().find(JobFilter.in(state), null, 200).items().size();
	}

	@Test
	void leavesItToANodeThatHas() throws Exception {
		try (TestDatabase database = TestDatabase.h2();
				TestNode prober = node(database, "default");
				TestNode other = node(database, "other")) {
			prober.client().enqueue(new Send("nobody"));
			for (int i = 0; i < 20; i++) {
				prober.client().enqueue(new Send("somebody"));
			}
			prober.jdbc()
				.update("update background_job_job set queue = 'other' where id > (select min(id) from background_job_job)");
			prober.jdbc().update("update background_job_job set state = 2, blocked_by = 'circuit:smtp'");
			prober.jdbc()
				.update("insert into background_job_breaker (name, state, generation, open_until, changed_by)"
						+ " values ('smtp', 'OPEN', 1, current_timestamp, 'a test')");
			prober.start();
			await().atMost(LONG).until(() -> count(prober, JobState.SCHEDULED) == 1);
			assertThat(prober.operations().breakers().get(0).state()).isEqualTo(BreakerState.HALF_OPEN);
			other.start();
			await().atMost(LONG).until(() -> count(other, JobState.SUCCEEDED) == 20);
			assertThat(this.ran).containsExactlyInAnyOrder("nobody", "somebody");
		}
	}

}
