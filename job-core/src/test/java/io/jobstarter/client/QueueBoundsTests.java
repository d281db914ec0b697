package io.jobstarter.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.QueueFullException;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.fixture.H2Jobs;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.policy.BackoffPolicy;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.support.SafeEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class QueueBoundsTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final H2Jobs database = new H2Jobs(true);

	private final AtomicLong nanos = new AtomicLong();

	private final AtomicLong readings = new AtomicLong();

	private final Map<String, Long> depths = new ConcurrentHashMap<>();

	private final QueueDepths known = new QueueDepths(() -> {
		Map<String, Long> read = Map.copyOf(this.depths);
		this.readings.incrementAndGet();
		return read;
	}, this.nanos::get);

	private final List<Object> ran = new ArrayList<>();

	private RuntimeException failure;

	private DefaultJobClient client;

	private QueueBounds bounds;

	private void bound(long maxDepth, OnFull onFull) {
		this.bounds = new QueueBounds(
				(queue) -> queue.equals("greetings") ? new QueueBound("greetings", maxDepth, onFull) : null,
				this.known);
		JacksonPayloadSerializer serializer = new JacksonPayloadSerializer();
		HandlerRegistry registry = new HandlerRegistry(
				List.of(new JobDefinition("greet", Set.of(), "the test", Greet.class, "greetings", 0, null, false, true,
						List.of(), List.of(), (payload, attempt) -> run(payload))));
		Enqueuer enqueuer = new Enqueuer(this.database.stores().enqueueStore(), this.database.transactionManager(),
				EnqueueSettings.DEFAULT, new WakeUpHub(), new SafeEvents((event) -> {
				}), this.bounds);
		this.client = new DefaultJobClient(registry, new NewJobFactory(serializer, 200, ContextPropagation.NONE),
				enqueuer, new JobExecution(registry, serializer, List.of(), UnaryOperator.identity(),
						BackoffPolicy.DEFAULT, List.of()),
				this.database.transactionManager());
	}

	private void run(Object payload) {
		this.ran.add(payload);
		if (this.ran.size() < 3) {
			// Refused or not, it must not run within the first.
			this.client.job(new Greet("nested")).queue("other").enqueue();
		}
		if (this.failure != null) {
			throw this.failure;
		}
	}

	private void itIsKnownThatTheQueueHolds(long jobs) {
		this.depths.put("greetings", jobs);
		long before = this.readings.get();
		this.nanos.addAndGet(SECOND);
		await().until(() -> this.known.of("greetings") == jobs && this.readings.get() > before);
	}

	private long enqueued() {
		return this.database.stores()
			.operationsStore()
			.countQueues()
			.stream()
			.mapToLong((queue) -> queue.depth().values().stream().mapToLong(Long::longValue).sum())
			.sum();
	}

	@AfterEach
	void close() {
		this.known.close();
		this.database.close();
	}

	@Test
	void jobsThatAreNotAddedSinceOthersHoldTheirKeysDoNotFillAQueue() {
		bound(5, OnFull.REJECT);
		itIsKnownThatTheQueueHolds(1);
		for (int i = 0; i < 10; i++) {
			this.client.job(new Greet("ada")).uniqueKey("ada").enqueue();
		}
		new TransactionTemplate(this.database.transactionManager()).executeWithoutResult((status) -> {
			for (int i = 0; i < 10; i++) {
				this.client.job(new Greet("ada")).uniqueKey("ada").enqueue();
			}
		});
		assertThat(this.known.of("greetings")).isEqualTo(2);
	}

	@Test
	void refusesWhatIsBeyondTheBoundAndSaysWhatToDo() {
		bound(3, OnFull.REJECT);
		itIsKnownThatTheQueueHolds(0);
		this.client.enqueueAll(List.of(new Greet("a"), new Greet("b")));
		this.client.enqueue(new Greet("c"));
		assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> this.client.enqueue(new Greet("d")))
			.withMessage("Queue greetings holds 3 ready jobs, and background-jobs.queues allows 3: no more are taken. "
					+ "Try again later, let whoever asked for it wait, raise the workers' concurrency, or raise max-depth")
			.satisfies((full) -> assertThat(List.of(full.depth(), full.maxDepth())).containsExactly(3L, 3L));
		assertThatExceptionOfType(QueueFullException.class)
			.isThrownBy(() -> this.client.enqueueAll(List.of(new Greet("e"), new Greet("f"))));
		assertThat(enqueued()).isEqualTo(3);
		assertThat(this.bounds.refused("greetings")).isEqualTo(3);
	}

	@Test
	void takesJobsAgainWhenOthersHaveRun() {
		bound(2, OnFull.REJECT);
		itIsKnownThatTheQueueHolds(2);
		assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> this.client.enqueue(new Greet("a")));
		itIsKnownThatTheQueueHolds(1);
		assertThat(this.client.enqueue(new Greet("a")).id()).isNotEqualTo(JobId.NONE);
	}

	@Test
	void readsOnceASecondAtMostAndOnlyWhileSomebodyEnqueues() {
		bound(100, OnFull.REJECT);
		itIsKnownThatTheQueueHolds(1);
		long before = this.readings.get();
		this.client.enqueueAll(List.of(new Greet("a"), new Greet("b")));
		this.client.enqueue(new Greet("c"));
		assertThat(this.readings.get()).isEqualTo(before);
		assertThat(this.known.of("greetings")).isEqualTo(4);
	}

	@Test
	void refusesNeitherWhatIsDueLaterNorWhatIsInOtherQueues() {
		bound(1, OnFull.REJECT);
		itIsKnownThatTheQueueHolds(1);
		this.client.job(new Greet("a")).in(Duration.ofDays(1)).enqueue();
		this.client.job(new Greet("b")).queue("other").enqueue();
		assertThat(enqueued()).isEqualTo(2);
	}

	@Test
	void stopsAStreamWhenTheQueueIsFullAndTakesNoneOfIt() {
		bound(1_500, OnFull.REJECT);
		itIsKnownThatTheQueueHolds(0);
		List<Greet> many = Collections.nCopies(3_000, new Greet("a"));
		assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> this.client.enqueueAll(many.stream()));
		assertThat(enqueued()).isZero();
	}

	@Test
	void runsAJobInTheThreadThatEnqueuesIt() {
		bound(1, OnFull.RUN_IN_CALLER);
		itIsKnownThatTheQueueHolds(1);
		assertThat(this.client.enqueue(new Greet("a"))).isEqualTo(new Enqueued(JobId.NONE, false));
		assertThat(this.ran).containsExactly(new Greet("a"));
		// The one that it enqueued in another queue.
		assertThat(enqueued()).isOne();
		assertThat(this.bounds.refused("greetings")).isOne();
	}

	@Test
	void enqueuesAfterAllWhatHasFailedInTheThreadThatEnqueuesIt() {
		bound(1, OnFull.RUN_IN_CALLER);
		itIsKnownThatTheQueueHolds(1);
		this.failure = new IllegalStateException("planned");
		assertThat(this.client.enqueue(new Greet("a")).id()).isNotEqualTo(JobId.NONE);
		assertThat(enqueued()).isEqualTo(2);
	}

	@Test
	void refusesWhatMustNotRunInTheThreadThatEnqueuesIt() {
		bound(1, OnFull.RUN_IN_CALLER);
		itIsKnownThatTheQueueHolds(1);
		assertThatExceptionOfType(QueueFullException.class)
			.isThrownBy(() -> new TransactionTemplate(this.database.transactionManager())
				.executeWithoutResult((status) -> this.client.enqueue(new Greet("a"))));
		assertThatExceptionOfType(QueueFullException.class)
			.isThrownBy(() -> this.client.job(new Greet("a")).uniqueKey("k").enqueue());
		assertThatExceptionOfType(QueueFullException.class)
			.isThrownBy(() -> this.client.enqueueAll(List.of(new Greet("a"))));
		assertThat(this.ran).isEmpty();
		assertThat(enqueued()).isZero();
	}

	record Greet(String name) {
	}

}
