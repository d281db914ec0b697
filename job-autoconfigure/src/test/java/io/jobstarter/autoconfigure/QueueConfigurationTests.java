package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.JobOperations;
import io.jobstarter.QueueInfo;
import io.jobstarter.worker.JobWorker;
import io.jobstarter.worker.WorkerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the queues that an application configures, and of what it is told about those
 * that it does not serve.
 */
@ExtendWith(OutputCaptureExtension.class)
class QueueConfigurationTests {

	private final ApplicationContextRunner application = Contexts.onH2().withUserConfiguration(Orders.class);

	@Test
	void servesTheQueuesOfAWildcardThatYamlWritesInBrackets(CapturedOutput output) {
		this.application.withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.name=queues")
			.run((context) -> {
				context.getBean(JobClient.class).enqueueAll(List.of(new Order("eu"), new Order("us")));
				await().until(() -> context.getBean(Orders.class).queues.size() == 2);
				assertThat(context.getBean(Orders.class).queues).containsExactlyInAnyOrder("tenant-eu", "tenant-us");
				assertThat(context.getBean(JobWorker.class).health().slots()).isEqualTo(5);
			});
		assertThat(output).doesNotContain("does not serve").doesNotContain("depends on its payload");
	}

	@Test
	void boundsQueuesOverAllNodesAndLetsThemGrowWithinThePool() {
		this.application
			.withPropertyValues("background-jobs.queues[tenant-*].concurrency=100",
					"background-jobs.queues[tenant-*].min-concurrency=2",
					"background-jobs.queues[tenant-*].max-fleet-concurrency=3",
					"background-jobs.queues.mailers.max-fleet-concurrency=7")
			.run((context) -> {
				assertThat(context.getBean(JobWorker.class).health().slots()).isEqualTo(7);
				assertThat(context.getBean(WorkerSettings.class).slots()).isEqualTo(8);
				context.getBean(JobClient.class).enqueueAll(List.of(new Order("eu"), new Order("us")));
				await().until(() -> context.getBean(Orders.class).queues.size() == 2);
				await().untilAsserted(() -> assertThat(context.getBean(JobOperations.class).queues())
					.extracting(QueueInfo::name, QueueInfo::fleet)
					.contains(tuple("mailers", new QueueInfo.FleetUse(7, false, 0))));
			});
	}

	@Test
	void saysThatAQueueByExpressionHasToBeConfigured(CapturedOutput output) {
		this.application.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("The queue of order depends on its payload: tenant-#{payload.tenant()}. "
				+ "This node serves only default. Add what it leads to, such as \"[tenant-*]\", "
				+ "under background-jobs.queues, here or on another node");
	}

	@Test
	void saysThatNoEntryCanStandForAQueueByExpression(CapturedOutput output) {
		this.application.withPropertyValues("background-jobs.queues[mail*].concurrency=1")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("The queue of order depends on its payload")
			.contains("This node serves only mail*.");
	}

	@Test
	void knowsThatAWildcardServesAQueueThatAHandlerNames(CapturedOutput output) {
		ApplicationContextRunner greetings = Contexts.onH2().withUserConfiguration(Greetings.class);
		greetings.withPropertyValues("background-jobs.queues[d*].concurrency=1", "background-jobs.queues[sl*].weight=2")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("Handlers name queues that this node does not serve: broken. Add them");
		greetings.withPropertyValues("background-jobs.queues[*].concurrency=1")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).containsOnlyOnce("does not serve");
	}

	@Test
	void anExpressionOfTheConfigurationGoesBeforeTheAnnotation() {
		this.application
			.withPropertyValues("background-jobs.queues[vip-*].concurrency=1", "vip.prefix=vip-",
					"background-jobs.jobs.order.queue=${vip.prefix}#{payload.tenant}")
			.run((context) -> {
				context.getBean(JobClient.class).enqueue(new Order("eu"));
				await().until(() -> context.getBean(Orders.class).queues, List.of("vip-eu")::equals);
			});
	}

	@Test
	void growsBeyondTheConfiguredConcurrencyUnlessTheNodeHasACap() {
		this.application.run((context) -> {
			context.getBean(JobOperations.class).setConcurrency("default", 50);
			await().until(() -> context.getBean(JobWorker.class).health().slots() == 50);
		});
		this.application.withPropertyValues("background-jobs.worker.concurrency=7").run((context) -> {
			context.getBean(JobOperations.class).setConcurrency("default", 50);
			await().until(() -> context.getBean(JobWorker.class).health().slots() == 7);
		});
	}

	@Test
	void metersShowTheQueuesOfAWildcardUnderItsName() {
		Contexts.complete()
			.withUserConfiguration(Orders.class)
			.withPropertyValues("background-jobs.queues[tenant-*].concurrency=1")
			.run((context) -> {
				context.getBean(JobClient.class).enqueueAll(List.of(new Order("eu"), new Order("us")));
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				await().until(() -> registry.find("background.jobs.execution")
					.timers()
					.stream()
					.mapToLong(Timer::count)
					.sum() == 2);
				assertThat(registry.find("background.jobs.execution").timers())
					.extracting((timer) -> timer.getId().getTag("queue"))
					.containsExactly("tenant-*");
			});
	}

	record Order(String tenant) {
	}

	static class Orders {

		private final List<String> queues = new CopyOnWriteArrayList<>();

		@BackgroundJob(queue = "tenant-#{payload.tenant()}")
		void process(Order order, JobAttempt attempt) {
			this.queues.add(attempt.queue());
		}

	}

}
