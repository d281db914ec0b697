package io.jobstarter.autoconfigure.actuate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.Greetings;
import io.jobstarter.autoconfigure.Greetings.Linger;
import io.jobstarter.autoconfigure.actuate.HttpApplication.Answer;
import io.jobstarter.worker.JobWorker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what load balancers and orchestrators make of the health of background jobs.
 */
class HealthGroupTests {

	@Test
	void isInNoGroupByDefaultAndABacklogTakesNobodyOutOfRotation() {
		try (HttpApplication application = start("groups")) {
			backlog(application);
			awaitStatus(application, "health/backgroundJobs", "BACKLOG");
			assertThatDetailsShowTheBacklog(application.get("health/backgroundJobs"));
			assertThatEverybodyIsWell(application, "health", "health/readiness", "health/liveness");
			application.bean(Greetings.class).endLingering();
			awaitStatus(application, "health/backgroundJobs", "UP");
			application.bean(JobWorker.class).stop();
			assertThat(application.get("health/backgroundJobs").status()).isEqualTo(503);
			assertThat(application.get("health").status()).isEqualTo(503);
			assertThatEverybodyIsWell(application, "health/readiness", "health/liveness");
		}
	}

	@Test
	void mayBePartOfReadinessAndTakeTheNodeOutOfServiceForABacklog() {
		try (HttpApplication application = start("readiness",
				"management.endpoint.health.group.readiness.include=readinessState,backgroundJobs",
				"background-jobs.health.backlog-status=out-of-service")) {
			awaitStatus(application, "health/readiness", "UP");
			backlog(application);
			awaitStatus(application, "health/readiness", "OUT_OF_SERVICE");
			assertThat(application.get("health/readiness").status()).isEqualTo(503);
			assertThatEverybodyIsWell(application, "health/liveness");
			application.bean(Greetings.class).endLingering();
			awaitStatus(application, "health/readiness", "UP");
			application.bean(JobWorker.class).stop();
			assertThat(application.get("health/readiness").status()).isEqualTo(503);
			assertThatEverybodyIsWell(application, "health/liveness");
		}
	}

	private static HttpApplication start(String database, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.datasource.url=jdbc:h2:mem:health-" + database,
				"background-jobs.queues.slow.concurrency=1", "background-jobs.health.queues.slow.max-depth=1"));
		all.addAll(List.of(properties));
		return HttpApplication.start(all.toArray(String[]::new));
	}

	private static void assertThatDetailsShowTheBacklog(Answer answer) {
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.<String>json("$.details.backlogs.slow")).isEqualTo("it holds 2 ready jobs, more than 1");
		assertThat(answer.<Map<String, Object>>json("$.details.queues.slow")).containsEntry("concurrency", 1)
			.containsEntry("running", 1)
			.containsEntry("ready", 2)
			.containsKeys("paused", "oldestSeconds", "seenAt");
	}

	private static void assertThatEverybodyIsWell(HttpApplication application, String... paths) {
		for (String path : paths) {
			Answer answer = application.get(path);
			assertThat(answer.status()).as(path).isEqualTo(200);
			assertThat(answer.<String>json("$.status")).as(path).isEqualTo("UP");
			assertThat(answer.body()).as(path).doesNotContain(path.equals("health") ? "DOWN" : "backgroundJobs");
		}
	}

	private static void backlog(HttpApplication application) {
		application.bean(JobClient.class).enqueueAll(List.of(new Linger(), new Linger(), new Linger()));
	}

	private static void awaitStatus(HttpApplication application, String path, String status) {
		await().until(() -> application.get(path).<String>json("$.status"), status::equals);
	}

}
