package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.jobstarter.Audit;
import io.jobstarter.BackgroundJob;
import io.jobstarter.BackgroundJobException;
import io.jobstarter.BreakerState;
import io.jobstarter.InOrder;
import io.jobstarter.JobClient;
import io.jobstarter.JobContextPropagator;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.LimitConcurrency;
import io.jobstarter.LimitRate;
import io.jobstarter.RecurringRequest;
import io.jobstarter.RetryOn;
import io.jobstarter.Sensitive;
import io.jobstarter.Unique;
import io.jobstarter.UniqueConflict;
import io.jobstarter.Uniqueness;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * One secret goes wherever an application may put one, and then is looked for wherever
 * anybody may look.
 */
@ExtendWith(OutputCaptureExtension.class)
class CanaryTests {

	private static final String CANARY = "canary4711secret";

	private final List<String> seen = new CopyOnWriteArrayList<>();

	private HttpApplication application;

	private JobClient jobs;

	private JobOperations operations;

	@Test
	void aSecretIsSeenNowhere(CapturedOutput output) {
		String url = EmbeddedPostgres.shared().createDatabase();
		try (HttpApplication started = start(url)) {
			this.application = started;
			this.jobs = started.bean(JobClient.class);
			this.operations = started.bean(JobOperations.class);
			List<JobId> ids = spread();
			look(ids);
			loseTheDatabase(url, output);
			look(ids);
		}
		this.seen.add("log " + output);
		assertThat(String.join("\n", this.seen)).contains("background_jobs_execution_seconds", "sha256-", "******",
				"Job 1 (pay, queue pay, attempt 1)", "is open for", "Background jobs: ");
		assertThat(this.seen).allSatisfy((text) -> assertThat(text).doesNotContain(CANARY));
	}

	private static HttpApplication start(String url) {
		return HttpApplication.start(Paying.class, "spring.datasource.url=" + url,
				"spring.datasource.username=postgres", "spring.datasource.password=" + CANARY,
				"spring.datasource.hikari.connection-timeout=1000", "management.tracing.sampling.probability=1.0",
				"background-jobs.sensitive-names=iban, x-tenant", "background-jobs.actuator.show-payloads=always",
				"background-jobs.actuator.show-errors=always", "background-jobs.log.payloads=true",
				"background-jobs.queues.pay.concurrency=2", "logging.level.io.jobstarter=trace",
				"logging.pattern.console=%d %thread %logger %mdc %msg%n%ex");
	}

	private List<JobId> spread() {
		List<JobId> ids = new ArrayList<>();
		MDC.put("password", CANARY);
		try {
			ids.add(this.jobs.job(new Pay(1, CANARY, CANARY))
				.header("token", CANARY)
				.header("api-key", CANARY)
				.fairBy(CANARY)
				.enqueue()
				.id());
		}
		finally {
			MDC.remove("password");
		}
		await().until(() -> this.operations.find(ids.get(0)).orElseThrow().state() == JobState.SUCCEEDED);
		JobId waiting = this.jobs.job(new Pay(2, CANARY, CANARY)).in(Duration.ofDays(1)).enqueue().id();
		ids.add(waiting);
		ids.add(this.jobs.job(new Pay(3, CANARY, CANARY)).unique(Uniqueness.of(CANARY)).queue("nobody").enqueue().id());
		refuse();
		ids.add(bury());
		ids.add(die());
		JobId parked = this.jobs.job(new Pay(4, CANARY, CANARY)).unique(Uniqueness.of("k4")).enqueue().id();
		ids.add(parked);
		await().until(() -> this.operations.find(parked).orElseThrow().state() == JobState.BLOCKED);
		this.operations.recurring()
			.put(RecurringRequest.of("monthly", "0 0 3 1 1 *", new Pay(1, CANARY, CANARY)).queue("nobody"));
		this.operations.recurring().runNow("monthly");
		return ids;
	}

	private void refuse() {
		refused(() -> this.jobs.enqueue(new Pay(2, CANARY, CANARY)));
		refused(() -> this.jobs.enqueue(new Pay(2, CANARY.repeat(10_000), CANARY)));
		refused(() -> this.jobs.enqueue(new Pay(2, CANARY + '\uD800', CANARY)));
		refused(() -> this.jobs.job(new Pay(2, CANARY, CANARY)).header("token", CANARY.repeat(1_000)));
		refused(() -> this.jobs.job(new Pay(2, CANARY, CANARY)).uniqueKey(CANARY.repeat(1_000)));
		refused(() -> this.jobs.job(new Pay(2, CANARY, CANARY)).fairBy(CANARY.repeat(1_000)));
		refused(() -> this.operations.recurring()
			.put(RecurringRequest.ofJobNamed("broken", "@yearly", "pay", "{\"card\":[\"" + CANARY)));
	}

	private void refused(ThrowingCallable call) {
		for (Throwable link = catchThrowable(call); link instanceof BackgroundJobException; link = link.getCause()) {
			this.seen.add("exception " + link);
		}
		assertThat(this.seen).last().asString().startsWith("exception ");
	}

	private JobId bury() {
		JobId id = this.jobs.job(new Pay(5, "x", "x")).in(Duration.ofDays(1)).enqueue().id();
		this.application.bean(JdbcTemplate.class)
			.update("update background_job_job set payload = ? where id = ?", "{\"card\":[\"" + CANARY, id.value());
		this.operations.retry(id);
		await().until(() -> this.operations.deadLetter(id).isPresent());
		refused(() -> this.operations.redrives().redriveCorrected(id, "{\"card\":[\"" + CANARY, Audit.NONE));
		return id;
	}

	private JobId die() {
		JobId id = this.jobs.job(new Pay(0, CANARY, CANARY)).unique(Uniqueness.of("k0")).enqueue().id();
		await().until(() -> this.operations.deadLetter(id).isPresent());
		await().until(() -> this.operations.breakers().stream().anyMatch((one) -> one.state() == BreakerState.OPEN));
		return id;
	}

	private void look(List<JobId> ids) {
		OurEndpoints endpoints = new OurEndpoints(this.application);
		List<String> targets = Stream
			.concat(ids.stream().map(JobId::toString), Stream.of("groups", "redrives", "monthly", "pay", "card", "why"))
			.toList();
		List<String> paths = new ArrayList<>(endpoints.paths(targets, List.of("why")));
		paths.addAll(List.of("health", "prometheus", "info", "env", "configprops", "threaddump", "metrics",
				"scheduledtasks", "auditevents"));
		paths.forEach((path) -> this.seen.add(path + " " + this.application.get(path).body()));
		ids.forEach((id) -> this.seen.add("why " + this.operations.why(id)));
		Thread.getAllStackTraces().keySet().forEach((thread) -> this.seen.add("thread " + thread.getName()));
		this.seen.addAll(this.application.bean(Paying.class).seen);
	}

	// What the engine says of connections that it cannot get has no password either.
	private void loseTheDatabase(String url, CapturedOutput output) {
		String name = url.substring(url.lastIndexOf('/') + 1).replaceAll("\\?.*", "");
		SingleConnectionDataSource admin = new SingleConnectionDataSource(EmbeddedPostgres.shared().jdbcUrl("postgres"),
				"postgres", "", true);
		JdbcTemplate jdbc = new JdbcTemplate(admin);
		try {
			jdbc.execute("alter database " + name + " with allow_connections false");
			jdbc.queryForList("select pg_terminate_backend(pid) from pg_stat_activity where datname = ?", name);
			await().atMost(Duration.ofSeconds(20)).until(() -> output.toString().contains(") and tries again: "));
			refusedByTheDatabase();
		}
		finally {
			jdbc.execute("alter database " + name + " with allow_connections true");
			admin.destroy();
		}
		await().atMost(Duration.ofSeconds(20)).until(() -> this.application.get("jobs").status() == 200);
	}

	private void refusedByTheDatabase() {
		for (Throwable link = catchThrowable(
				() -> this.jobs.enqueue(new Pay(9, CANARY, CANARY))); link != null; link = link.getCause()) {
			this.seen.add("exception " + link);
		}
		this.seen.add("health " + this.application.get("health").body());
	}

	/**
	 * A payload with secrets.
	 *
	 * @param amount no secret; 0 fails
	 * @param card one by its annotation
	 * @param iban one by the settings
	 */
	record Pay(int amount, @Sensitive String card, String iban) {
	}

	@Configuration(proxyBeanMethods = false)
	@Import(HttpApplication.Application.class)
	static class Paying {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		@BackgroundJob(queue = "pay", circuitBreaker = "card", circuitBreakerKey = "#{payload.card()}")
		@LimitConcurrency(group = "card", key = "#{payload.card()}", to = 2)
		@InOrder(key = "#{payload.iban()}#{payload.amount()}")
		@LimitRate(permits = 1000, per = "1s", key = "#{payload.iban()}")
		@Unique(key = "#{payload.card()}#{payload.amount()}", onConflict = UniqueConflict.FAIL)
		@RetryOn(value = IllegalStateException.class, maxAttempts = 1)
		void pay(Pay pay) {
			Thread.getAllStackTraces().keySet().forEach((thread) -> this.seen.add("thread " + thread.getName()));
			this.seen.add("MDC " + MDC.getCopyOfContextMap());
			if (pay.amount() == 0) {
				throw new IllegalStateException("refused by the bank");
			}
		}

		@Bean
		CircuitBreakerRegistry breakers() {
			CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
			registry.circuitBreaker("card",
					CircuitBreakerConfig.custom().slidingWindowSize(2).minimumNumberOfCalls(2).build());
			return registry;
		}

		@Bean
		JobContextPropagator tenants() {
			return new JobContextPropagator() {
				@Override
				public void capture(BiConsumer<String, @Nullable String> headers) {
					headers.accept("X-Tenant", CANARY);
				}

				@Override
				public Scope restore(Map<String, String> headers) {
					return Scope.NONE;
				}
			};
		}

		@Bean
		SpanHandler spans() {
			return new SpanHandler() {
				@Override
				public boolean end(TraceContext context, MutableSpan span, Cause cause) {
					Paying.this.seen.add("span " + span);
					return true;
				}
			};
		}

		@Bean
		ObservationHandler<Observation.Context> observations() {
			return new ObservationHandler<>() {
				@Override
				public boolean supportsContext(Observation.Context context) {
					return context.getName() != null && context.getName().startsWith("background.jobs");
				}

				@Override
				public void onStop(Observation.Context context) {
					Paying.this.seen.add("observation " + context.getName() + context.getContextualName()
							+ context.getAllKeyValues());
				}
			};
		}

	}

}
