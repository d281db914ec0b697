package io.jobstarter.boot4app;

import java.io.File;
import java.util.List;

import brave.handler.MutableSpan;
import com.jayway.jsonpath.DocumentContext;
import io.jobstarter.JobClient;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.boot4app.RunningApp.Reply;
import io.jobstarter.boot4app.Shop.Placed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import org.springframework.boot.SpringBootVersion;
import org.springframework.core.SpringVersion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What a small application on Spring Boot 4 does with background jobs, on any database.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ShopContract {

	private RunningApp app;

	abstract OwnDatabase database();

	@BeforeAll
	void start() {
		this.app = RunningApp.onTheWeb(database());
	}

	@AfterAll
	void stop() {
		this.app.close();
	}

	@Test
	void runsOnSpringBoot4AndOnNothingElse() {
		assertThat(SpringBootVersion.getVersion()).isEqualTo("4.1.1");
		assertThat(SpringVersion.getVersion()).startsWith("7.0.");
		assertThat(System.getProperty("java.class.path").split(File.pathSeparator))
			.anyMatch((jar) -> jar.endsWith("spring-boot-4.1.1.jar"))
			.noneMatch((jar) -> jar.matches(".*/spring-boot-[a-z-]*3\\.\\d.*|.*/spring-[a-z]+-6\\.\\d.*"));
	}

	@Test
	void confirmsAnOrderOnceAlthoughTheFirstAttemptFails() {
		Placed placed = this.app.bean(Shop.class).place(1, "Ada");
		awaitState(placed.jobId(), JobState.SUCCEEDED);
		assertThat(this.app.bean(Shop.class).confirmations(1)).isEqualTo(1);
		assertThat(this.app.bean(ConfirmOrderJob.class).seen()).containsExactly(placed.confirm(), placed.confirm());
		// Its follow-up, once: that of the failed attempt was rolled back.
		await().until(() -> receipts(1), List.of("1 in attempt 3")::equals);
	}

	@Test
	void leavesNoJobBehindAfterARollback() {
		Shop shop = this.app.bean(Shop.class);
		List<JobId> before = confirmations();
		assertThatIllegalArgumentException().isThrownBy(() -> shop.placeWithoutMoney(2, "Bob"));
		assertThat(confirmations()).isEqualTo(before);
	}

	@Test
	void showsJobsAndDeadLettersThroughActuator() {
		JobId dead = this.app.bean(JobClient.class).enqueue(new AskForReview(3)).id();
		awaitState(dead, JobState.DEAD);
		DocumentContext jobs = this.app.get("jobs?name=ask-for-review");
		assertThat(jobs.<Integer>read("$.items[0].id")).isEqualTo((int) dead.value());
		assertThat(jobs.<String>read("$.items[0].state")).isEqualTo("DEAD");
		DocumentContext letters = this.app.get("deadletters");
		assertThat(letters.<String>read("$.items[0].name")).isEqualTo("ask-for-review");
		assertThat(this.app.get("deadletters/" + dead).jsonString()).contains("ask-for-review")
			.doesNotContain("Nobody has time for that");
	}

	@Test
	void showsQueuesWorkersAndBreakersThroughActuator() {
		assertThat(this.app.get("jobqueues").<List<String>>read("$.items[*].name")).contains("default", "parcels");
		assertThat(this.app.get("jobworkers?state=alive").<List<String>>read("$.items[*].id")).isNotEmpty();
		assertThat(this.app.get("jobbreakers").<List<String>>read("$.items[*].name")).isEmpty();
		assertThat(this.app.get("jobs?nmae=x").<String>read("$.error")).contains("There is no parameter 'nmae'");
	}

	@Test
	void changesThroughActuatorWhatMayBeChanged() {
		Reply paused = this.app.post("jobqueues/unused", "{\"action\":\"pause\",\"why\":\"maintenance\"}");
		assertThat(paused.status()).isEqualTo(200);
		assertThat(this.app.get("jobqueues/unused").<String>read("$.pauseReason")).isEqualTo("maintenance");
		assertThat(this.app.post("jobqueues/unused", "{\"action\":\"stop\"}")).satisfies((refused) -> {
			assertThat(refused.status()).isEqualTo(400);
			assertThat(refused.body()).contains("action is one of [pause, resume,");
		});
		assertThat(this.app.post("jobs/1", "{\"action\":\"cancel\"}").status()).isEqualTo(405);
	}

	@Test
	void tellsItsHealth() {
		await().untilAsserted(() -> {
			DocumentContext health = this.app.get("health");
			assertThat(health.<String>read("$.components.backgroundJobs.status")).isEqualTo("UP");
			assertThat(health.<Boolean>read("$.components.backgroundJobs.details.leaseHeld")).isTrue();
			assertThat(health.<Integer>read("$.components.backgroundJobs.details.slots")).isEqualTo(5);
		});
	}

	@Test
	void measuresWhatItDoes() {
		JobId id = this.app.bean(JobClient.class).enqueue(new SendReceipt(5)).id();
		awaitState(id, JobState.SUCCEEDED);
		await().untilAsserted(() -> {
			DocumentContext retries = this.app.get("metrics/background.jobs.retries?tag=job.name:send-receipt");
			assertThat(retries.<Double>read("$.measurements[0].value")).isGreaterThanOrEqualTo(2);
			DocumentContext executions = this.app.get("metrics/background.jobs.execution?tag=outcome:succeeded");
			assertThat(executions.<Double>read("$.measurements[0].value")).isPositive();
		});
	}

	@Test
	void tracesAJobFromItsEnqueueToItsLastAttempt() {
		JobId id = this.app.bean(JobClient.class).enqueue(new SendReceipt(6)).id();
		awaitState(id, JobState.SUCCEEDED);
		Spans spans = this.app.bean(Spans.class);
		await().until(() -> spans.ofJob(id.toString()).size() == 4);
		List<MutableSpan> ofJob = spans.ofJob(id.toString());
		MutableSpan enqueue = ofJob.get(0);
		assertThat(enqueue.name()).isEqualTo("enqueue send-receipt");
		assertThat(ofJob.subList(1, 4)).allSatisfy((attempt) -> {
			assertThat(attempt.name()).isEqualTo("job send-receipt");
			assertThat(attempt.traceId()).isEqualTo(enqueue.traceId());
			assertThat(attempt.parentId()).isEqualTo(enqueue.id());
		});
		assertThat(ofJob.get(1).tag("links[0].spanId")).isNull();
		assertThat(ofJob.subList(2, 4)).extracting((attempt) -> attempt.tag("links[0].spanId"))
			.containsOnly(ofJob.get(1).id());
	}

	private void awaitState(JobId id, JobState state) {
		JobOperations operations = this.app.bean(JobOperations.class);
		await().until(() -> operations.find(id).map(JobInfo::state).orElse(null), state::equals);
	}

	private List<JobId> confirmations() {
		JobFilter filter = JobFilter.ALL.withName("confirm-order");
		return this.app.bean(JobOperations.class).find(filter, null, 100).items().stream().map(JobInfo::id).toList();
	}

	private List<String> receipts(long orderId) {
		return this.app.bean(AfterTheOrder.class)
			.receipts()
			.stream()
			.filter((receipt) -> receipt.startsWith(orderId + " "))
			.toList();
	}

}
