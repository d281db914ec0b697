package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import brave.Span.Kind;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.JobInterceptor;
import io.jobstarter.JobOperations;
import io.jobstarter.RetryOn;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.BraveAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the trace of an enqueue goes on in the attempts of its job.
 */
class JobTraceTests {

	private final ApplicationContextRunner application = Contexts.onH2()
		.withConfiguration(
				AutoConfigurations.of(ObservationAutoConfiguration.class, MicrometerTracingAutoConfiguration.class,
						BraveAutoConfiguration.class, BackgroundJobTracingAutoConfiguration.class))
		.withUserConfiguration(Traced.class)
		.withPropertyValues("management.tracing.sampling.probability=1.0",
				"background-jobs.queues.default.concurrency=1");

	@Test
	void theSpanOfTheAttemptIsAChildOfThatOfTheEnqueueWhichIsOneOfTheCallers() {
		this.application.run((context) -> {
			Enqueuing enqueuing = inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Look(0)));
			Seen seen = seen(context, 1).get(0);
			assertThat(seen.traceId()).isEqualTo(enqueuing.traceId());
			MutableSpan enqueue = finishedSpan(context, "enqueue look");
			assertThat(enqueue.kind()).isEqualTo(Kind.PRODUCER);
			assertThat(enqueue.parentId()).isEqualTo(enqueuing.spanId());
			assertThat(enqueue.tag("job.id")).isEqualTo("1");
			assertThat(seen.parentId()).isEqualTo(enqueue.id());
			assertThat(seen.headers()).containsOnlyKeys("traceparent");
			MutableSpan span = finishedSpan(context, "job look");
			assertThat(span.traceId()).isEqualTo(enqueuing.traceId());
			assertThat(span.kind()).isEqualTo(Kind.CONSUMER);
			assertThat(span.tag("job.name")).isEqualTo("look");
		});
	}

	@Test
	void theTraceIsInTheMdcOfHandlersAndInterceptorsAndGoneAfterwards() {
		this.application.run((context) -> {
			Enqueuing enqueuing = inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Look(0)));
			assertThat(seen(context, 1).get(0).mdcTraceId()).isEqualTo(enqueuing.traceId());
			assertThat(context.getBean(Traced.class).intercepted).containsExactly(enqueuing.traceId());
			context.getBean(JobClient.class).enqueue(new Look(0));
			assertThat(seen(context, 2).get(1).traceId()).isNotEqualTo(enqueuing.traceId());
		});
	}

	@Test
	void aJobThatAJobEnqueuesBelongsToTheSameTrace() {
		this.application.run((context) -> {
			Enqueuing enqueuing = inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Look(2)));
			List<Seen> all = seen(context, 3);
			assertThat(all).extracting(Seen::traceId).containsOnly(enqueuing.traceId());
			assertThat(all).extracting(Seen::spanId)
				.containsAll(spans(context, "enqueue look", 3).stream().map(MutableSpan::parentId).skip(1).toList());
		});
	}

	@Test
	void everyAttemptIsASpanOfTheTraceAndLaterOnesAreLinkedToTheFirst() {
		this.application.run((context) -> {
			Enqueuing enqueuing = inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Fail(3)));
			List<Seen> all = seen(context, 3);
			String enqueue = finishedSpan(context, "enqueue fail").id();
			assertThat(all).extracting(Seen::parentId).containsOnly(enqueue);
			assertThat(all).extracting(Seen::spanId).doesNotHaveDuplicates();
			List<MutableSpan> attempts = spans(context, "job fail", 3);
			assertThat(links(attempts.get(0))).isEmpty();
			String first = enqueuing.traceId() + "/" + all.get(0).spanId();
			assertThat(links(attempts.get(1))).containsExactly(first);
			assertThat(links(attempts.get(2))).containsExactly(first);
		});
	}

	@Test
	void aRedrivenJobIsLinkedToTheAttemptInWhichItDied() {
		this.application.run((context) -> {
			Enqueuing enqueuing = inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Fail(9)));
			List<MutableSpan> attempts = spans(context, "job fail", 3);
			JobOperations operations = context.getBean(JobOperations.class);
			await().until(() -> operations.deadLetter(new JobId(1)).isPresent());
			operations.retry(new JobId(1));
			List<MutableSpan> all = spans(context, "job fail", 5);
			String died = enqueuing.traceId() + "/" + attempts.get(2).id();
			assertThat(links(all.get(3))).containsExactly(died);
			assertThat(links(all.get(4))).containsExactly(enqueuing.traceId() + "/" + all.get(3).id(), died);
			assertThat(all.get(3).traceId()).isEqualTo(enqueuing.traceId());
		});
	}

	@Test
	void aBatchIsOneSpanAndTheParentOfAllOfItsJobs() {
		this.application.run((context) -> {
			inSpan(context, () -> context.getBean(JobClient.class).enqueueAll(List.of(new Look(0), new Look(0))));
			inSpan(context, () -> context.getBean(JobClient.class).enqueueAll(Stream.of(new Look(0), new Fail(1))));
			List<Seen> all = seen(context, 4);
			MutableSpan first = finishedSpan(context, "enqueue look");
			MutableSpan second = finishedSpan(context, "enqueue jobs");
			assertThat(all).extracting(Seen::parentId)
				.containsExactlyInAnyOrder(first.id(), first.id(), second.id(), second.id());
			assertThat(first.tag("job.count")).isEqualTo("2");
		});
	}

	@Test
	void theTraceGoesAlongThoughEnqueuesAreNotObserved() {
		this.application.withPropertyValues("management.observations.enable.background.jobs.enqueue=false")
			.run((context) -> {
				Enqueuing enqueuing = inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Look(0)));
				assertThat(seen(context, 1).get(0).parentId()).isEqualTo(enqueuing.spanId());
			});
	}

	@Test
	void afterTheCommitOfAnotherDatabaseTheParentIsStillThatOfTheCall() {
		this.application.run((context) -> {
			JdbcTransactionManager other = new JdbcTransactionManager(
					new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID()));
			Enqueuing enqueuing = inSpan(context, () -> new TransactionTemplate(other)
				.executeWithoutResult((status) -> context.getBean(JobClient.class).enqueue(new Look(0))));
			Seen seen = seen(context, 1).get(0);
			assertThat(seen.traceId()).isEqualTo(enqueuing.traceId());
			assertThat(seen.parentId()).isEqualTo(finishedSpan(context, "enqueue look").id());
		});
	}

	@Test
	void committedTogetherEachJobHasTheParentOfItsOwnCall() {
		this.application.withPropertyValues("background-jobs.group-commit=true").run((context) -> {
			List<Enqueuing> callers = IntStream.range(0, 20)
				.parallel()
				.mapToObj((i) -> inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Look(0))))
				.toList();
			List<Seen> all = seen(context, 20);
			Map<String, String> enqueues = spans(context, "enqueue look", 20).stream()
				.collect(Collectors.toMap(MutableSpan::traceId, MutableSpan::id));
			assertThat(all).extracting(Seen::traceId)
				.containsExactlyInAnyOrderElementsOf(callers.stream().map(Enqueuing::traceId).toList());
			assertThat(all).allSatisfy((seen) -> assertThat(seen.parentId()).isEqualTo(enqueues.get(seen.traceId())));
		});
	}

	@Test
	void whatIsSampledByNobodyIsLinkedToNothing() {
		this.application.withPropertyValues("management.tracing.sampling.probability=0.0").run((context) -> {
			inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Fail(9)));
			JobOperations operations = context.getBean(JobOperations.class);
			await().until(() -> operations.deadLetter(new JobId(1)).isPresent());
			assertThat(operations.deadLetter(new JobId(1)).orElseThrow().headers()).containsOnlyKeys("traceparent");
		});
	}

	@Test
	void aJobThatRunsHereAndNowIsAPartOfWhatItsCallerDoes() {
		this.application.run((context) -> {
			Enqueuing caller = inSpan(context, () -> runNow(context));
			Seen seen = seen(context, 1).get(0);
			assertThat(seen.traceId()).isEqualTo(caller.traceId());
			assertThat(seen.parentId()).isEqualTo(caller.spanId());
			assertThat(finishedSpan(context, "job look").kind()).isNull();
		});
	}

	@Test
	void baggageGoesAlong() {
		this.application.withPropertyValues("management.tracing.baggage.remote-fields=tenant").run((context) -> {
			inSpan(context, () -> {
				try (BaggageInScope baggage = context.getBean(Tracer.class).createBaggageInScope("tenant", "blue")) {
					assertThat(baggage.get()).isEqualTo("blue");
					context.getBean(JobClient.class).enqueue(new Look(0));
				}
			});
			assertThat(seen(context, 1).get(0).tenant()).isEqualTo("blue");
		});
	}

	@Test
	void continuesTheTraceThatTheCallerNames() {
		String traceId = "0af7651916cd43dd8448eb211c80319c";
		this.application.run((context) -> {
			inSpan(context,
					() -> context.getBean(JobClient.class)
						.job(new Look(0))
						.header("traceparent", "00-" + traceId + "-b7ad6b7169203331-01")
						.enqueue());
			assertThat(seen(context, 1).get(0).traceId()).isEqualTo(traceId);
			assertThat(seen(context, 1).get(0).parentId()).isEqualTo("b7ad6b7169203331");
		});
	}

	@Test
	void startsATraceOfItsOwnWhereItIsSwitchedOff() {
		this.application.withPropertyValues("background-jobs.context.trace=false").run((context) -> {
			Enqueuing enqueuing = inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Look(0)));
			Seen seen = seen(context, 1).get(0);
			assertThat(seen.headers()).isEmpty();
			assertThat(seen.traceId()).isNotEqualTo(enqueuing.traceId());
		});
	}

	@Test
	void runsWhereTracingIsPresentButNotSetUp() {
		Contexts.onH2().withUserConfiguration(Greetings.class).run((context) -> {
			context.getBean(JobClient.class).enqueue(new Greetings.Greet("you"));
			await().until(() -> !context.getBean(Greetings.class).greeted().isEmpty());
		});
	}

	private static void runNow(ApplicationContext context) {
		try {
			context.getBean(JobClient.class).runNow(new Look(0));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Enqueuing inSpan(ApplicationContext context, Runnable action) {
		Tracer tracer = context.getBean(Tracer.class);
		Enqueuing[] enqueuing = new Enqueuing[1];
		Observation.createNotStarted("request", context.getBean(ObservationRegistry.class)).observe(() -> {
			io.micrometer.tracing.TraceContext current = tracer.currentSpan().context();
			enqueuing[0] = new Enqueuing(current.traceId(), current.spanId());
			action.run();
		});
		return enqueuing[0];
	}

	private static List<Seen> seen(ApplicationContext context, int count) {
		List<Seen> seen = context.getBean(Traced.class).seen;
		await().until(() -> seen.size() >= count);
		return seen;
	}

	private static List<MutableSpan> spans(ApplicationContext context, String name, int count) {
		List<MutableSpan> spans = context.getBean(Traced.class).spans;
		await().until(() -> spans.stream().filter((span) -> name.equals(span.name())).count() >= count);
		return spans.stream().filter((span) -> name.equals(span.name())).toList();
	}

	// As Brave keeps them.
	private static List<String> links(MutableSpan span) {
		return IntStream.range(0, 3)
			.filter((i) -> span.tag("links[" + i + "].traceId") != null)
			.mapToObj((i) -> span.tag("links[" + i + "].traceId") + "/" + span.tag("links[" + i + "].spanId"))
			.toList();
	}

	private static MutableSpan finishedSpan(ApplicationContext context, String name) {
		List<MutableSpan> spans = context.getBean(Traced.class).spans;
		await().until(() -> spans.stream().anyMatch((span) -> name.equals(span.name())));
		return spans.stream().filter((span) -> name.equals(span.name())).findFirst().orElseThrow();
	}

	record Look(int followUps) {
	}

	record Fail(int until) {
	}

	record Enqueuing(String traceId, String spanId) {
	}

	/**
	 * What a handler saw.
	 *
	 * @param traceId the trace
	 * @param spanId the span of the attempt
	 * @param parentId its parent
	 * @param mdcTraceId the trace according to the MDC
	 * @param tenant the baggage
	 * @param headers the job's headers
	 */
	record Seen(String traceId, String spanId, @Nullable String parentId, @Nullable String mdcTraceId,
			@Nullable String tenant, Map<String, String> headers) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Traced {

		private final List<Seen> seen = new CopyOnWriteArrayList<>();

		private final List<String> intercepted = new CopyOnWriteArrayList<>();

		private final List<MutableSpan> spans = new CopyOnWriteArrayList<>();

		private final ObjectProvider<Tracer> tracer;

		private final ObjectProvider<JobClient> jobs;

		Traced(ObjectProvider<Tracer> tracer, ObjectProvider<JobClient> jobs) {
			this.tracer = tracer;
			this.jobs = jobs;
		}

		@BackgroundJob
		void look(Look look, JobAttempt attempt) {
			see(attempt);
			if (look.followUps() > 0) {
				this.jobs.getObject().enqueue(new Look(look.followUps() - 1));
			}
		}

		@BackgroundJob
		@RetryOn(value = IllegalStateException.class, maxAttempts = 3, delay = "10ms")
		void fail(Fail job, JobAttempt attempt) {
			see(attempt);
			if (attempt.number() < job.until()) {
				throw new IllegalStateException("not yet");
			}
		}

		private void see(JobAttempt attempt) {
			io.micrometer.tracing.TraceContext current = this.tracer.getObject().currentSpan().context();
			this.seen.add(new Seen(current.traceId(), current.spanId(), current.parentId(), MDC.get("traceId"),
					this.tracer.getObject().getBaggage("tenant").get(), attempt.headers()));
		}

		@Bean
		JobInterceptor interceptor() {
			return (attempt, next) -> {
				this.intercepted.add(String.valueOf(MDC.get("traceId")));
				next.proceed();
			};
		}

		@Bean
		SpanHandler spans() {
			return new SpanHandler() {

				@Override
				public boolean end(TraceContext context, MutableSpan span, Cause cause) {
					Traced.this.spans.add(span);
					return true;
				}

			};
		}

	}

}
