package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.Contexts;
import io.jobstarter.autoconfigure.Greetings;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.autoconfigure.Greetings.Linger;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.worker.JobWorker;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the health of a node that runs jobs.
 */
class HealthTests {

	@Test
	void isUpWhileTheLeaseIsHeldAndEveryThreadLives() {
		application(Contexts.onH2()).run((context) -> {
			HealthIndicator indicator = context.getBean(HealthIndicator.class);
			await().until(() -> indicator.health().getStatus(), Status.UP::equals);
			context.getBean(JobClient.class).enqueue(new Linger());
			await().until(() -> indicator.health().getDetails().get("usedSlots").equals(Map.of("slow", 1)));
			Health health = indicator.health();
			assertThat(health.getDetails()).containsEntry("leaseHeld", true)
				.containsEntry("slots", 15)
				.containsEntry("stuck", 0)
				.containsEntry("wakeUp", "polling")
				.containsKeys("worker", "leaseHeldUntil")
				.doesNotContainKeys("waitingFor", "backlogs");
			assertThat(health.getDetails().get("loops")).asInstanceOf(InstanceOfAssertFactories.MAP)
				.hasSize(6)
				.containsEntry("background-jobs-heartbeat", "well")
				.containsEntry("background-jobs-maintenance", "well");
			assertThat(health.getDetails().get("queues")).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsOnlyKeys("default", "slow", "broken")
				.extractingByKey("slow", InstanceOfAssertFactories.MAP)
				.containsEntry("concurrency", 5)
				.containsEntry("running", 1);
			context.getBean(Greetings.class).endLingering();
		});
	}

	@Test
	void isDownOnceTheWorkerHasStopped() {
		application(Contexts.onH2()).run((context) -> {
			HealthIndicator indicator = context.getBean(HealthIndicator.class);
			await().until(() -> indicator.health().getStatus(), Status.UP::equals);
			context.getBean(JobWorker.class).stop();
			assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void isDownWhileTheDatabaseIsGoneAndUpAgainAfterwards() {
		try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
			application(Contexts.onPostgres(server.jdbcUrl())).run((context) -> {
				HealthIndicator indicator = context.getBean(HealthIndicator.class);
				await().until(() -> indicator.health().getStatus(), Status.UP::equals);
				server.crash();
				await().atMost(Duration.ofSeconds(30)).until(() -> indicator.health().getStatus(), Status.DOWN::equals);
				assertThat(indicator.health().getDetails().toString()).contains("failing, ")
					.doesNotContain("Connection to")
					.doesNotContain("Exception");
				server.restart();
				await().atMost(Duration.ofSeconds(30)).until(() -> indicator.health().getStatus(), Status.UP::equals);
				// The application's pool still holds connections that are broken.
				await().ignoreExceptions()
					.until(() -> context.getBean(JobClient.class).enqueue(new Greet("again")).id(), Objects::nonNull);
				await().until(() -> context.getBean(Greetings.class).greeted(), List.of("again")::equals);
			});
		}
	}

	@Test
	void answersFromMemoryWhileTheDatabaseHangs() {
		try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
			application(Contexts.onPostgres(server.jdbcUrl())).run((context) -> {
				HealthIndicator indicator = context.getBean(HealthIndicator.class);
				await().until(() -> indicator.health().getStatus(), Status.UP::equals);
				assertThat(indicator.health().getDetails().get("loops")).asInstanceOf(InstanceOfAssertFactories.MAP)
					.containsEntry("background-jobs-notify", "well")
					.containsKey("background-jobs-listen");
				await().until(() -> indicator.health().getDetails().get("queues").toString().contains("seenAt"));
				server.hang();
				try {
					// Most statements wait for 20 s before they fail: no answer may wait
					// for one. Heartbeats fail before the lease has ended.
					await().atMost(Duration.ofSeconds(15))
						.until(() -> indicator.health().getDetails().get("leaseHeld"), Boolean.FALSE::equals);
					assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
					assertThat(indicator.health().getDetails()).doesNotContainKey("leaseHeldUntil");
				}
				finally {
					server.resume();
				}
				await().atMost(Duration.ofSeconds(30)).until(() -> indicator.health().getStatus(), Status.UP::equals);
			});
		}
	}

	private static ApplicationContextRunner application(ApplicationContextRunner runner) {
		return runner.withUserConfiguration(Greetings.class)
			.withConfiguration(AutoConfigurations.of(BackgroundJobActuatorAutoConfiguration.class));
	}

}
