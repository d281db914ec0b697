package io.jobstarter.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFilter;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.circuit.Resilience4jBreakers;
import io.jobstarter.worker.TestNode.Traits;

import static org.awaitility.Awaitility.await;

/**
 * What many jobs call is down for a while: nodes in this process, one database, and a
 * record of every call that reached what is down.
 */
final class OutageRehearsal implements AutoCloseable {

	static final String BREAKER = "downstream";

	private final Plan plan;

	private final List<TestNode> nodes = new ArrayList<>();

	private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

	private final long begun = System.nanoTime();

	private volatile boolean down = true;

	OutageRehearsal(TestDatabase database, Plan plan) {
		this.plan = plan;
		for (int i = 0; i < plan.nodes(); i++) {
			this.nodes.add(node(database).build());
		}
	}

	private TestNode.Builder node(TestDatabase database) {
		Traits traits = new Traits();
		if (this.plan.withBreaker()) {
			traits.circuitBreaker(BREAKER);
		}
		CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
		registry.circuitBreaker(BREAKER,
				CircuitBreakerConfig.custom()
					.slidingWindowSize(this.plan.window())
					.minimumNumberOfCalls(this.plan.window())
					.permittedNumberOfCallsInHalfOpenState(this.plan.probes())
					.waitDurationInOpenState(this.plan.open())
					.build());
		return TestNode.on(database)
			.queue("default", this.plan.concurrency())
			.policy((failures, error) -> Optional.of(this.plan.firstRetry().multipliedBy(power(failures - 1)))
				.filter((delay) -> failures < 10))
			.breakers(new Resilience4jBreakers(List.of(registry), List::of))
			.handle(Order.class, (order, attempt) -> call(order.number()), traits);
	}

	private static long power(int exponent) {
		return (long) Math.pow(3, exponent);
	}

	private void call(int number) throws IOException {
		boolean fails = this.down;
		this.calls.add(new Call(number, Duration.ofNanos(System.nanoTime() - this.begun), fails));
		if (fails) {
			throw new IOException("connection refused");
		}
	}

	record Order(int number) {
	}

	/**
	 * Enqueues the jobs and starts the nodes, with everything down, and heals it when the
	 * outage is over. Returns when all jobs are done.
	 * @param patience how long that may take after it is healed
	 * @return what happened
	 */
	Report run(Duration patience) {
		List<Order> orders = new ArrayList<>();
		for (int i = 0; i < this.plan.jobs(); i++) {
			orders.add(new Order(i));
		}
		TestNode first = this.nodes.get(0);
		first.client().enqueueAll(orders);
		this.nodes.forEach(TestNode::start);
		await().pollDelay(this.plan.outage()).atMost(this.plan.outage().plusSeconds(10)).until(() -> true);
		this.down = false;
		Duration healedAt = Duration.ofNanos(System.nanoTime() - this.begun);
		await().atMost(patience).until(() -> waiting(first) == 0);
		return new Report(List.copyOf(this.calls), healedAt, Duration.ofNanos(System.nanoTime() - this.begun), claims(),
				failures(first), first.operations().deadLetters(DeadLetterFilter.ALL, null, 10).items().size());
	}

	private static long waiting(TestNode node) {
		return node.operations()
			.find(new JobFilter(Set.of(JobState.READY, JobState.SCHEDULED, JobState.BLOCKED, JobState.RUNNING), null,
					null, null), null, 1)
			.items()
			.size();
	}

	// Whatever becomes of a claim, it is settled once.
	private Map<Long, Long> claims() {
		return this.nodes.stream()
			.flatMap((node) -> node.events(JobEvent.Settled.class).stream())
			.collect(Collectors.groupingBy((settled) -> settled.id().value(), Collectors.counting()));
	}

	private static long failures(TestNode node) {
		Long count = node.jdbc().queryForObject("select count(*) from background_job_failure", Long.class);
		return (count != null) ? count : -1;
	}

	/**
	 * Counts how often a job was put aside.
	 * @return how often, over all jobs and openings
	 */
	long parked() {
		return this.nodes.stream()
			.flatMap((node) -> node.events(JobEvent.Settled.class).stream())
			.filter((settled) -> settled.outcome() instanceof JobOutcome.Parked)
			.count();
	}

	@Override
	public void close() {
		this.nodes.forEach(TestNode::close);
	}

	/**
	 * What is rehearsed.
	 *
	 * @param jobs how many jobs there are
	 * @param nodes how many nodes run them
	 * @param concurrency how many at the same time on each
	 * @param outage how long everything fails
	 * @param withBreaker whether the jobs have a circuit breaker
	 * @param window how many calls it counts, at least and at most
	 * @param open how long it stays open
	 * @param probes how many calls probe
	 * @param firstRetry when a failed attempt is tried again; each further one waits
	 * three times as long
	 */
	record Plan(int jobs, int nodes, int concurrency, Duration outage, boolean withBreaker, int window, Duration open,
			int probes, Duration firstRetry) {
	}

	/**
	 * A call that reached what was called.
	 *
	 * @param number the number of the job
	 * @param at when, since the beginning
	 * @param failed whether it was down
	 */
	record Call(int number, Duration at, boolean failed) {
	}

	/**
	 * What happened.
	 *
	 * @param calls all calls, in their order
	 * @param healedAt when the outage was over
	 * @param drainedAt when all jobs were done
	 * @param claims how often each job was claimed, by its id
	 * @param failures how many attempts were counted as failed
	 * @param deadLetters how many jobs died
	 */
	record Report(List<Call> calls, Duration healedAt, Duration drainedAt, Map<Long, Long> claims, long failures,
			int deadLetters) {

		long callsDuringTheOutage() {
			return this.calls.stream().filter(Call::failed).count();
		}

		long mostClaimsOfAJob() {
			return this.claims.values().stream().max(Comparator.naturalOrder()).orElse(0L);
		}

		/**
		 * How far jobs that never failed were from their order: the most jobs that one of
		 * them was overtaken by.
		 * @return how many
		 */
		int overtakenBy() {
			Set<Integer> failed = this.calls.stream()
				.filter(Call::failed)
				.map(Call::number)
				.collect(Collectors.toSet());
			List<Integer> order = this.calls.stream()
				.map(Call::number)
				.filter((number) -> !failed.contains(number))
				.toList();
			int most = 0;
			Set<Integer> seen = new HashSet<>();
			for (int number : order) {
				most = Math.max(most, (int) seen.stream().filter((other) -> other > number).count());
				seen.add(number);
			}
			return most;
		}

	}

}
