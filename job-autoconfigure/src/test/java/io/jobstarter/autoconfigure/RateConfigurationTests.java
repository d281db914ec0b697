package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobClient;
import io.jobstarter.JobDiagnosis;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobRate;
import io.jobstarter.LimitRate;
import io.jobstarter.QueueFullException;
import io.jobstarter.ReasonCode;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.worker.QueueRates;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of rates of keys and queues, and of full queues, as applications declare them.
 */
class RateConfigurationTests {

	private final ApplicationContextRunner application = Contexts.complete()
		.withUserConfiguration(Accounts.class)
		.withPropertyValues("accounts.per=1h");

	@Test
	void startsAsManyJobsOfAKeyAsItsRateAllowsAndSaysWhyTheOthersWait() {
		this.application.run((context) -> {
			JobClient jobs = context.getBean(JobClient.class);
			Accounts accounts = context.getBean(Accounts.class);
			List.of("a", "a", "b").forEach((account) -> jobs.enqueue(new Sync(account)));
			await().until(() -> accounts.ran.size() == 3);
			JobId waiting = jobs.enqueue(new Sync("a")).id();
			JobOperations operations = context.getBean(JobOperations.class);
			await().until(() -> code(operations, waiting) == ReasonCode.RATE_LIMIT);
			assertThat(accounts.ran).containsExactlyInAnyOrder("a", "a", "b");
			assertThat(context.getBean(HandlerRegistry.class).rates())
				.isEqualTo(Map.of("sync", new JobRate(2, Duration.ofHours(1))));
		});
	}

	private static ReasonCode code(JobOperations operations, JobId job) {
		return operations.why(job).map(JobDiagnosis::reasons).orElseThrow().get(0).code();
	}

	@Test
	void startsAsManyJobsOfAQueueAsItsRateAllows() {
		this.application
			.withPropertyValues("background-jobs.queues[mail*].rate-limit.permits=3",
					"background-jobs.queues[mail*].rate-limit.per=1h")
			.run((context) -> {
				JobClient jobs = context.getBean(JobClient.class);
				List.of("a", "b", "c", "d").forEach((to) -> jobs.enqueue(new Mail(to)));
				await().until(() -> context.getBean(Accounts.class).ran.size() == 3);
				JobId waiting = jobs.enqueue(new Mail("e")).id();
				await().until(() -> context.getBean(JobOperations.class)
					.why(waiting)
					.orElseThrow()
					.reasons()
					.stream()
					.anyMatch((reason) -> reason.code() == ReasonCode.QUEUE_RATE));
				await().until(() -> count(context.getBean(MeterRegistry.class), "rate.limited", "mail*") > 0);
				assertThat(context.getBean(Accounts.class).ran).containsExactlyInAnyOrder("a", "b", "c");
				assertThat(context.getBean(QueueRates.class).rates()).containsOnlyKeys("mail*");
			});
	}

	private static double count(MeterRegistry registry, String meter, String queue) {
		return registry.get("background.jobs." + meter).tag("queue", queue).functionCounter().count();
	}

	@Test
	void refusesJobsWhoseQueueIsFull() {
		this.application
			.withPropertyValues("background-jobs.worker.enabled=false", "background-jobs.queues[mail*].max-depth=2")
			.run((context) -> {
				JobClient jobs = context.getBean(JobClient.class);
				jobs.enqueueAll(List.of(new Mail("a"), new Mail("b")));
				await().untilAsserted(() -> assertThatExceptionOfType(QueueFullException.class)
					.isThrownBy(() -> jobs.enqueue(new Mail("c"))));
				jobs.enqueue(new Sync("a"));
				assertThat(count(context.getBean(MeterRegistry.class), "refused", "mail*")).isGreaterThan(0);
			});
	}

	@Test
	void handlersThatShareARateHaveToSayTheSame() {
		this.application.withUserConfiguration(Contradiction.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("The rate 'sync' allows 2 per 1h, but ")
				.hasMessageContaining(" says 3 per 1h"));
	}

	record Sync(String account) {
	}

	record Upload(String account) {
	}

	record Mail(String to) {
	}

	static class Accounts {

		private final List<String> ran = new CopyOnWriteArrayList<>();

		@BackgroundJob
		@LimitRate(key = "#{payload.account()}", permits = 2, per = "${accounts.per}")
		void sync(Sync sync) {
			this.ran.add(sync.account());
		}

		@BackgroundJob(queue = "mailers")
		void mail(Mail mail) {
			this.ran.add(mail.to());
		}

	}

	static class Contradiction {

		@BackgroundJob
		@LimitRate(key = "#{payload.account()}", group = "sync", permits = 3, per = "1h")
		void upload(Upload upload) {
		}

	}

}
