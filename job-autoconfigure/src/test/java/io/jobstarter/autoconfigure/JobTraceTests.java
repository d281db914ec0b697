package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import brave.Span.Kind;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.JobInterceptor;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the trace of an enqueue goes on in the attempts of its job.
 */
class JobTraceTests {

	private final ApplicationContextRunner application = Contexts.onH2()
		.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class,
				MicrometerTracingAutoConfiguration.class, BraveAutoConfiguration.class))
		.withUserConfiguration(Traced.class)
		.withPropertyValues("management.tracing.sampling.probability=1.0",
				"background-jobs.queues.default.concurrency=1");

	@Test
	void theSpanOfTheAttemptIsAChildOfTheEnqueuingOne() {
		this.application.run((context) -> {
			Enqueuing enqueuing = inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Look(0)));
			Seen seen = seen(context, 1).get(0);
			assertThat(seen.traceId()).isEqualTo(enqueuing.traceId());
			assertThat(seen.parentId()).isEqualTo(enqueuing.spanId());
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
			assertThat(seen(context, 2).get(1).parentId()).isNull();
			assertThat(seen(context, 2).get(1).headers()).isEmpty();
		});
	}

	@Test
	void aJobThatAJobEnqueuesBelongsToTheSameTrace() {
		this.application.run((context) -> {
			Enqueuing enqueuing = inSpan(context, () -> context.getBean(JobClient.class).enqueue(new Look(2)));
			List<Seen> all = seen(context, 3);
			assertThat(all).extracting(Seen::traceId).containsOnly(enqueuing.traceId());
			assertThat(all.get(1).parentId()).isEqualTo(all.get(0).spanId());
			assertThat(all.get(2).parentId()).isEqualTo(all.get(1).spanId());
		});
	}

	@Test
	void everyAttemptIsASpanOfTheTrace() {
		this.application.run((context) -> {
			Enqueuing enqueuing = inSpan(context, () -> context.getBean(JobClient.class).enqueue(new FailOnce()));
			List<Seen> all = seen(context, 2);
			assertThat(all).extracting(Seen::parentId).containsOnly(enqueuing.spanId());
			assertThat(all).extracting(Seen::spanId).doesNotHaveDuplicates();
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

	private static MutableSpan finishedSpan(ApplicationContext context, String name) {
		List<MutableSpan> spans = context.getBean(Traced.class).spans;
		await().until(() -> spans.stream().anyMatch((span) -> name.equals(span.name())));
		return spans.stream().filter((span) -> name.equals(span.name())).findFirst().orElseThrow();
	}

	record Look(int followUps) {
	}

	record FailOnce() {
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
		@RetryOn(value = IllegalStateException.class, maxAttempts = 2, delay = "10ms")
		void failOnce(FailOnce job, JobAttempt attempt) {
			see(attempt);
			if (attempt.number() == 1) {
				throw new IllegalStateException("once");
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
