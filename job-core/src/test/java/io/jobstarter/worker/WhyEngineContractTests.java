package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

import io.jobstarter.DueTime;
import io.jobstarter.JobDiagnosis;
import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.QueueStatus;
import io.jobstarter.ReasonCode;
import io.jobstarter.WorkerInfo;
import io.jobstarter.execution.Permission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What whole nodes tell of themselves, and so of the jobs that wait for them.
 */
@Timeout(60)
abstract class WhyEngineContractTests {

	private final CountDownLatch mayEnd = new CountDownLatch(1);

	private TestDatabase database;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void createFreshDatabase() {
		this.database = createDatabase();
	}

	@AfterEach
	void close() {
		this.mayEnd.countDown();
		this.database.close();
	}

	record Task(int number) {
	}

	private TestNode.Builder node() {
		return TestNode.on(this.database)
			.handle(Task.class, (task, attempt) -> this.mayEnd.await())
			.queue("default", 2)
			.lease(Duration.ofSeconds(2));
	}

	private static JobId enqueue(TestNode node, int number) {
		return node.client().enqueue(new Task(number)).id();
	}

	private static JobDiagnosis why(TestNode node, JobId id) {
		return node.operations().why(id).orElseThrow();
	}

	private static Reason first(TestNode node, JobId id) {
		return why(node, id).reasons().get(0);
	}

	private static QueueStatus status(TestNode node) {
		return node.operations().queueStatuses().get(0);
	}

	@Test
	void busyNodesSayByWhatAndEmptyOnesHowFast() {
		try (TestNode node = node().start()) {
			List<JobId> running = List.of(enqueue(node, 1), enqueue(node, 2));
			await().until(() -> running.stream().allMatch((id) -> why(node, id).state() == JobState.RUNNING));
			JobId waiting = enqueue(node, 3);
			await().until(() -> first(node, waiting).code() == ReasonCode.SLOTS_BUSY
					&& first(node, waiting).sentence().contains("job " + running.get(0) + " (task)"));
			assertThat(first(node, waiting).sentence())
				.startsWith("All 2 slots for queue default on 1 worker are taken; the longest-running: job ");
			assertThat(first(node, running.get(0)).code()).isEqualTo(ReasonCode.RUNNING);
			WorkerInfo worker = node.operations().workers().get(0);
			assertThat(worker.application()).isEqualTo("shop 1.2");
			assertThat(Objects.requireNonNull(worker.report()).slotsUsed()).isEqualTo(2);
			assertThat(status(node).running()).isEqualTo(2);
			assertThat(status(node).workers()).isOne();
			assertThat(status(node).slots()).isEqualTo(2);
			assertThat(status(node).timeToEmpty()).isNull();
			this.mayEnd.countDown();
			await().until(() -> Objects.requireNonNull(node.operations().workers().get(0).report())
				.settled()
				.succeeded() == 3);
			assertThat(first(node, waiting).code()).isEqualTo(ReasonCode.SUCCEEDED);
			JobId later = node.client().job(new Task(4)).in(Duration.ofHours(1)).enqueue().id();
			assertThat(first(node, later).code()).isEqualTo(ReasonCode.DUE_LATER);
			assertThat(status(node).settled().succeeded()).isEqualTo(3);
			assertThat(status(node).perSecond()).isPositive();
			assertThat(status(node).timeToEmpty()).isZero();
		}
	}

	@Test
	void whatIsNotPermittedSaysForLackOfWhat() {
		Permission refused = new Permission.Refused(
				new JobOutcome.Snoozed(new DueTime.In(Duration.ofHours(1)), "no permission of smtp is left"), "none");
		try (TestNode node = node().permits((definition, payload) -> refused).start()) {
			JobId id = enqueue(node, 1);
			await().until(() -> why(node, id).state() == JobState.SCHEDULED);
			assertThat(first(node, id).code()).isEqualTo(ReasonCode.PUT_OFF);
			assertThat(first(node, id).sentence()).endsWith(": no permission of smtp is left; no attempt was used up.");
		}
	}

	@Test
	void aNodeThatOnlyEnqueuesIsNoWorker() {
		try (TestNode producer = node().build()) {
			assertThat(first(producer, enqueue(producer, 1)).code()).isEqualTo(ReasonCode.NO_WORKER_ALIVE);
		}
	}

}
