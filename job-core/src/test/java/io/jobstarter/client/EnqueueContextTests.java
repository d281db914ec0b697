package io.jobstarter.client;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.jobstarter.EnqueueSpec;
import io.jobstarter.Enqueued;
import io.jobstarter.JobFilter;
import io.jobstarter.JobInfo;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.fixture.H2Jobs;
import io.jobstarter.fixture.Tenants;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.policy.BackoffPolicy;
import io.jobstarter.support.SafeEvents;
import org.jspecify.annotations.Nullable;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what an enqueue takes along from its thread.
 */
class EnqueueContextTests {

	private final AtomicInteger captures = new AtomicInteger();

	private final H2Jobs database = new H2Jobs(true);

	private @Nullable RuntimeException broken;

	private @Nullable String seenByTheHandler;

	private final DefaultJobClient jobs = client();

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void storesTheContextOfTheCallerInTheHeaders() {
		Tenants.as("blue", () -> this.jobs.enqueue(new Greet("Ada")));
		assertThat(headers()).containsExactly(Map.of("tenant", "blue"));
	}

	@Test
	void aHeaderThatTheCallerGivesGoesBeforeACapturedOne() {
		Tenants.as("blue", () -> this.jobs.job(new Greet("Ada")).header("tenant", "red").header("a", "b").enqueue());
		assertThat(headers()).containsExactly(Map.of("tenant", "red", "a", "b"));
	}

	@Test
	void capturesWhenTheJobIsEnqueuedNotWhenItsOptionsAreChosen() {
		EnqueueSpec spec = this.jobs.job(new Greet("Ada"));
		Tenants.as("blue", spec::enqueue);
		assertThat(headers()).containsExactly(Map.of("tenant", "blue"));
	}

	@Test
	void capturesOnceForManyJobs() {
		Tenants.as("blue", () -> this.jobs.enqueueAll(List.of(new Greet("Ada"), new Greet("Bob"))));
		assertThat(this.captures).hasValue(1);
		Tenants.as("blue", () -> this.jobs.enqueueAll(Stream.of(new Greet("Cid"), new Greet("Dan"))));
		assertThat(this.captures).hasValue(2);
		assertThat(headers()).hasSize(4).containsOnly(Map.of("tenant", "blue"));
	}

	@Test
	void aBrokenPropagatorDoesNotCostTheCallerItsTransaction() {
		this.broken = new IllegalStateException("no tenant");
		new TransactionTemplate(this.database.transactionManager())
			.executeWithoutResult((status) -> this.jobs.enqueue(new Greet("Ada")));
		assertThat(headers()).containsExactly(Map.of());
	}

	@Test
	void aDuplicateKeepsTheContextOfTheFirst() {
		Tenants.as("blue", () -> this.jobs.job(new Greet("Ada")).uniqueKey("k").enqueue());
		Enqueued[] second = new Enqueued[1];
		Tenants.as("red", () -> second[0] = this.jobs.job(new Greet("Ada")).uniqueKey("k").enqueue());
		assertThat(second[0].duplicate()).isTrue();
		assertThat(headers()).singleElement(as(InstanceOfAssertFactories.MAP)).containsEntry("tenant", "blue");
	}

	@Test
	void carriesAsManyHeadersOfTheContextBesideFiftyOfTheCallers() {
		EnqueueSpec spec = this.jobs.job(new Greet("Ada"));
		for (int i = 0; i < 50; i++) {
			spec.header("header-" + i, "x");
		}
		Tenants.as("blue", spec::enqueue);
		assertThat(headers()).singleElement().satisfies((all) -> assertThat(all).hasSize(51).containsKey("tenant"));
	}

	@Test
	void runsAJobHereAndNowInTheContextOfItsCaller() {
		Tenants.as("blue", () -> {
			try {
				this.jobs.runNow(new Greet("Ada"));
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			assertThat(Tenants.current()).isEqualTo("blue");
		});
		assertThat(this.seenByTheHandler).isEqualTo("blue");
		assertThat(this.captures).hasValue(0);
	}

	private List<Map<String, String>> headers() {
		return this.database.stores()
			.operationsStore()
			.find(JobFilter.ALL, null, 10)
			.stream()
			.map(JobInfo::headers)
			.toList();
	}

	private DefaultJobClient client() {
		HandlerRegistry registry = new HandlerRegistry(
				List.of(new JobDefinition("greet", Set.of(), "the test", Greet.class, "default", 0, null, false, true,
						List.of(), List.of(), (payload, attempt) -> this.seenByTheHandler = Tenants.current())));
		JacksonPayloadSerializer serializer = new JacksonPayloadSerializer();
		ContextPropagation context = new ContextPropagation(List.of(new CountingPropagator()));
		return new DefaultJobClient(registry, new NewJobFactory(serializer, 1_000, context),
				new Enqueuer(this.database.stores().enqueueStore(), this.database.transactionManager(), (lane) -> {
				}, new SafeEvents((event) -> {
				})), new JobExecution(registry, serializer, List.of(), UnaryOperator.identity(), BackoffPolicy.DEFAULT,
						List.of()),
				this.database.transactionManager());
	}

	private final class CountingPropagator extends Tenants.Propagator {

		@Override
		public void capture(BiConsumer<String, @Nullable String> headers) {
			EnqueueContextTests.this.captures.incrementAndGet();
			super.capture(headers);
			if (EnqueueContextTests.this.broken != null) {
				throw EnqueueContextTests.this.broken;
			}
		}

	}

	record Greet(String name) {
	}

}
