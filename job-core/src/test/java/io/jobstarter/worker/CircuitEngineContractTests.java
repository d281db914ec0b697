package io.jobstarter.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.jobstarter.BreakerEvent;
import io.jobstarter.BreakerInfo;
import io.jobstarter.Audit;
import io.jobstarter.BreakerState;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFilter;
import io.jobstarter.JobNotPermittedException;
import io.jobstarter.JobState;
import io.jobstarter.circuit.LocalBreakers;
import io.jobstarter.circuit.Resilience4jBreakers;
import io.jobstarter.worker.TestNode.Traits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Circuit breakers on whole nodes.
 */
@Timeout(60)
abstract class CircuitEngineContractTests {

	private static final int WINDOW = 4;

	private final List<AutoCloseable> toClose = new ArrayList<>();

	private final Queue<Integer> ran = new ConcurrentLinkedQueue<>();

	private final Set<String> down = ConcurrentHashMap.newKeySet();

	private TestDatabase database;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void createFreshDatabase() {
		this.database = createDatabase();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.toClose) {
			closeable.close();
		}
		this.database.close();
	}

	record Send(int number, String tenant) {
	}

	private static LocalBreakers breakers() {
		CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
		registry.circuitBreaker("smtp",
				CircuitBreakerConfig.custom()
					.slidingWindowSize(WINDOW)
					.minimumNumberOfCalls(WINDOW)
					.permittedNumberOfCallsInHalfOpenState(1)
					.waitDurationInOpenState(Duration.ofMillis(300))
					.build());
		return new Resilience4jBreakers(List.of(registry), List::of);
	}

	private TestNode node(Traits traits) {
		TestNode node = TestNode.on(this.database)
			.breakers(breakers())
			.queue("default", 1)
			.handle(Send.class, (send, attempt) -> {
				this.ran.add(send.number());
				if (this.down.contains(send.tenant())) {
					throw new IOException("down");
				}
			}, traits)
			.build();
		this.toClose.add(0, node);
		return node;
	}

	private TestNode node() {
		return node(new Traits().circuitBreaker("smtp"));
	}

	private static void enqueue(TestNode node, int from, int to, String tenant) {
		node.client().enqueueAll(IntStream.range(from, to).mapToObj((number) -> new Send(number, tenant)).toList());
	}

	private static int count(TestNode node, JobState state) {
		return node.operations().find(JobFilter.in(state), null, 200).items().size();
	}

	private static BreakerInfo breaker(TestNode node) {
		return node.operations().breakers().get(0);
	}

	private static boolean isOpen(TestNode node) {
		return node.operations()
			.breakers()
			.stream()
			.anyMatch((breaker) -> !breaker.state().letsThrough() && breaker.reason() != null);
	}

	@Test
	void whatIsForcedOpenWaitsInItsOrderAndIsReleasedByAReset() {
		TestNode node = node();
		node.operations().forceOpen("smtp", "the provider has called");
		enqueue(node, 0, 20, "a");
		node.start();
		await().until(() -> count(node, JobState.BLOCKED) == 20);
		assertThat(this.ran).isEmpty();
		assertThat(breaker(node).state()).isEqualTo(BreakerState.FORCED_OPEN);
		assertThat(breaker(node).parked()).isEqualTo(20);
		assertThat(node.events(JobEvent.Started.class)).as("what a permit refused has not started").isEmpty();
		assertThat(node.operations().resetBreaker("smtp")).isTrue();
		await().until(() -> count(node, JobState.SUCCEEDED) == 20);
		assertThat(this.ran).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
		assertThat(node.operations().find(JobFilter.in(JobState.SUCCEEDED), null, 200).items())
			.allSatisfy((job) -> assertThat(job.attempts()).isZero());
		assertThat(node.operations().resetBreaker("smtp")).isFalse();
		assertThat(node.events(JobEvent.Started.class)).hasSize(20);
		assertThat(node.events(BreakerEvent.Changed.class)).containsExactly(
				new BreakerEvent.Changed("smtp", BreakerState.FORCED_OPEN, "an operator", "the provider has called"),
				new BreakerEvent.Changed("smtp", BreakerState.CLOSED, "an operator", null));
	}

	@Test
	void whatIsForcedClosedRunsWhateverComesOfIt() {
		TestNode node = node();
		this.down.add("a");
		node.operations().forceClosed("smtp", Audit.NONE);
		enqueue(node, 0, 10, "a");
		node.start();
		await().until(() -> count(node, JobState.DEAD) == 10);
		assertThat(breaker(node).state()).isEqualTo(BreakerState.FORCED_CLOSED);
	}

	@Test
	void opensOnAllNodesClosesOnAllAndSaysSoOnce() {
		this.down.add("a");
		TestNode first = node().start();
		enqueue(first, 0, 10, "a");
		await().until(() -> isOpen(first));
		assertThat(breaker(first).reason()).contains("java.io.IOException");
		TestNode second = node().start();
		await().untilAsserted(() -> assertThatExceptionOfType(JobNotPermittedException.class)
			.isThrownBy(() -> second.client().runNow(new Send(99, "b"))));
		this.down.clear();
		await().until(() -> count(first, JobState.SUCCEEDED) == 10);
		await().until(() -> breaker(first).state() == BreakerState.CLOSED);
		await().untilAsserted(() -> second.client().runNow(new Send(99, "b")));
		assertThat(first.events(BreakerEvent.Closed.class).size() + second.events(BreakerEvent.Closed.class).size())
			.isOne();
		assertThat(first.events(BreakerEvent.Opened.class)).isNotEmpty();
		assertThat(count(first, JobState.DEAD)).isZero();
	}

	@Test
	void oneTenantsOutageStopsNobodyElse() {
		this.down.add("a");
		TestNode node = node(new Traits().circuitBreaker("smtp", "#{payload.tenant()}")).start();
		enqueue(node, 0, 10, "a");
		await().until(() -> count(node, JobState.BLOCKED) > 4);
		assertThat(breaker(node).name()).isEqualTo("smtp:a");
		enqueue(node, 100, 110, "b");
		await().until(() -> count(node, JobState.SUCCEEDED) == 10);
		assertThat(this.ran).containsAll(IntStream.range(100, 110).boxed().toList());
		this.down.clear();
		await().until(() -> count(node, JobState.SUCCEEDED) == 20);
	}

	@Test
	void whatANodeParkedTooLateIsReleasedByANodeThatHasNoBreakers() {
		TestNode node = node(new Traits());
		enqueue(node, 0, 3, "a");
		node.jdbc().update("update background_job_job set state = 2, blocked_by = 'circuit:gone'");
		node.start();
		await().until(() -> count(node, JobState.SUCCEEDED) == 3);
		assertThat(node.events(JobEvent.Settled.class)).hasSize(3);
	}

}
