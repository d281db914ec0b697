package io.jobstarter.rehearsal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import io.jobstarter.DeadLetterFilter;
import io.jobstarter.JobClient;
import io.jobstarter.JobEvent;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobOutcome;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Two nodes of an application, and a downstream system that is down for a while.
 */
final class Rehearsal implements AutoCloseable {

	private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);

	private final Scenario scenario;

	private final Downstream downstream = new Downstream();

	private final Attempts attempts = new Attempts();

	private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();

	private Rehearsal(Scenario scenario, boolean breaker) {
		this.scenario = scenario;
		for (int node = 0; node < Scenario.NODES; node++) {
			this.nodes.add(start(breaker));
		}
	}

	/**
	 * Rehearses.
	 * @param scenario what
	 * @param breaker whether a circuit breaker protects the downstream system
	 * @return what happened
	 */
	static Outcome run(Scenario scenario, boolean breaker) {
		try (Rehearsal rehearsal = new Rehearsal(scenario, breaker)) {
			return rehearsal.run();
		}
	}

	private ConfigurableApplicationContext start(boolean breaker) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("spring.config.name", "rehearsal");
		properties.put("spring.datasource.url", this.scenario.url());
		properties.put("rehearsal.downstream", this.downstream.uri().toString());
		properties.put("rehearsal.open", this.scenario.open().toMillis() + "ms");
		return new SpringApplicationBuilder(Node.class).web(WebApplicationType.NONE)
			.profiles(breaker ? "breaker" : "no-breaker")
			.properties(properties)
			.initializers((context) -> context.addApplicationListener(this.attempts))
			.run();
	}

	private Outcome run() {
		JobClient jobs = this.nodes.get(0).getBean(JobClient.class);
		this.downstream.begin();
		jobs.enqueueAll(IntStream.range(0, this.scenario.jobs()).mapToObj(CallDownstream::new).toList());
		await(this.scenario.outage(), () -> false);
		Duration outage = this.downstream.heal();
		boolean drained = await(this.scenario.patience(), () -> this.attempts.succeeded() == this.scenario.jobs());
		return new Outcome(this.scenario.jobs(), outage, drained, this.downstream.calls(), this.attempts.failed(),
				this.attempts.most(), deadLetters());
	}

	private int deadLetters() {
		return this.nodes.get(0)
			.getBean(JobOperations.class)
			.deadLetters(DeadLetterFilter.ALL, null, JobOperations.MAX_PAGE_SIZE)
			.items()
			.size();
	}

	private static boolean await(Duration longest, BooleanSupplier condition) {
		long end = System.nanoTime() + longest.toNanos();
		while (!condition.getAsBoolean() && System.nanoTime() < end) {
			LockSupport.parkNanos(LOOK);
		}
		return condition.getAsBoolean();
	}

	@Override
	public void close() {
		this.nodes.forEach(ConfigurableApplicationContext::close);
		this.downstream.close();
	}

	/**
	 * A database in memory that nobody else has.
	 * @return its URL
	 */
	static String ownDatabase() {
		return "jdbc:h2:mem:rehearsal-" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
	}

	/**
	 * One node.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(CallDownstreamJob.class)
	static class Node {

	}

	/**
	 * Counts what the nodes tell.
	 */
	static final class Attempts implements ApplicationListener<PayloadApplicationEvent<?>> {

		private final Map<JobId, Integer> claimed = new ConcurrentHashMap<>();

		private final Map<JobId, Boolean> succeeded = new ConcurrentHashMap<>();

		private final Map<JobId, Integer> failed = new ConcurrentHashMap<>();

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<?> event) {
			if (event.getPayload() instanceof JobEvent.Settled settled) {
				settled(settled);
			}
		}

		private void settled(JobEvent.Settled event) {
			JobOutcome outcome = event.outcome();
			// Every claim ends with one, also that of a job that was not permitted to
			// start.
			this.claimed.merge(event.id(), 1, Integer::sum);
			if (outcome instanceof JobOutcome.Succeeded) {
				this.succeeded.put(event.id(), true);
			}
			// What is refused comes back, and no attempt is used up.
			else if (outcome instanceof JobOutcome.Retried || outcome instanceof JobOutcome.Dead) {
				this.failed.merge(event.id(), 1, Integer::sum);
			}
		}

		int succeeded() {
			return this.succeeded.size();
		}

		int failed() {
			return this.failed.values().stream().mapToInt(Integer::intValue).sum();
		}

		int most() {
			return this.claimed.values().stream().mapToInt(Integer::intValue).max().orElse(0);
		}

	}

}
