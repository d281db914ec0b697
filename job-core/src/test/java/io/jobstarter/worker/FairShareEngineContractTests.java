package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.jobstarter.DeadLetterFilter;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.worker.WorkerSettings.Reserved;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How tenants share a queue on every database.
 */
@Timeout(60)
abstract class FairShareEngineContractTests {

	private final List<AutoCloseable> toClose = new ArrayList<>();

	private final List<String> ran = new CopyOnWriteArrayList<>();

	private final List<String> seen = new CopyOnWriteArrayList<>();

	private final CountDownLatch mayEnd = new CountDownLatch(1);

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	private TestDatabase database;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void createFreshDatabase() {
		this.database = createDatabase();
	}

	@AfterEach
	void close() throws Exception {
		this.mayEnd.countDown();
		for (AutoCloseable closeable : this.toClose) {
			closeable.close();
		}
		this.database.close();
	}

	record Task(String tenant) {
	}

	private TestNode.Builder node() {
		return TestNode.on(this.database).queue("default", 2).handle(Task.class, (task, attempt) -> {
			this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			this.seen.add(attempt.queue());
			this.mayEnd.await();
			this.ran.add(task.tenant());
			this.running.decrementAndGet();
			if (task.tenant().equals("broken")) {
				throw new IllegalStateException("broken");
			}
		});
	}

	private TestNode closing(TestNode node) {
		this.toClose.add(0, node);
		return node;
	}

	private static List<JobId> enqueue(TestNode node, String tenant, int count) {
		return node.transactions()
			.execute((status) -> IntStream.range(0, count)
				.mapToObj((i) -> node.client().job(new Task(tenant)).fairBy(tenant).enqueue().id())
				.toList());
	}

	@Test
	void theJobsOfATenantDoNotWaitForThoseThatAnotherHasEnqueuedBefore() {
		TestNode node = closing(node().start());
		enqueue(node, "large", 300);
		await().until(() -> this.running.get() == 2);
		enqueue(node, "small", 5);
		this.mayEnd.countDown();
		await().until(() -> this.ran.size() == 305);
		assertThat(this.ran.lastIndexOf("small")).isLessThan(150);
	}

	@Test
	void aNodeFindsSharesThatNobodyAnnouncedAndHasAllSlotsForTheOnlyOne() {
		TestNode producer = closing(node().build());
		enqueue(producer, "only", 4);
		TestNode node = closing(node().start());
		await().until(() -> this.running.get() == 2);
		this.mayEnd.countDown();
		await().until(() -> this.ran.size() == 4);
		assertThat(this.most).hasValue(2);
		assertThat(node.operations().find(JobFilter.ALL, null, 10).items())
			.allMatch((job) -> job.queue().equals("default"));
	}

	@Test
	void whatIsSetOfAQueueHoldsForAllItsShares() {
		TestNode node = closing(node().build());
		node.operations().setConcurrency("default", 1);
		node.operations().pause("default", "later");
		List<JobId> ids = new ArrayList<>(enqueue(node, "a", 2));
		ids.addAll(enqueue(node, "b", 2));
		node.start();
		await().until(() -> node.worker().health().isUp());
		assertThat(node.operations().why(ids.get(0)).orElseThrow().reasons().toString()).contains("QUEUE_PAUSED");
		node.operations().resume("default");
		this.mayEnd.countDown();
		await().until(() -> this.ran.size() == 4);
		assertThat(this.most).hasValue(1);
	}

	@Test
	void aSlotThatIsKeptForLowPrioritiesIsTakenByOneWhileOthersWait() {
		TestNode node = closing(node().queue("default", 2, new Reserved(1, 0)).start());
		node.transactions()
			.executeWithoutResult((status) -> IntStream.range(0, 5)
				.forEach((i) -> node.client().job(new Task("high")).priority(5).enqueue()));
		await().until(() -> this.running.get() == 1);
		node.client().job(new Task("low")).priority(-1).enqueue();
		await().until(() -> this.running.get() == 2);
		assertThat(node.operations().find(JobFilter.in(JobState.RUNNING), null, 10).items())
			.extracting(JobInfo::priority)
			.containsExactlyInAnyOrder(5, -1);
		this.mayEnd.countDown();
		await().until(() -> this.ran.size() == 6);
	}

	@Test
	void whatIsToldIsOfTheQueueAndOfNoShares() {
		TestNode node = closing(node().queue("other", 1).start());
		List<JobId> ids = enqueue(node, "a", 4);
		enqueue(node, "broken", 1);
		await().until(() -> this.running.get() == 2);
		StringBuilder all = new StringBuilder();
		await().until(() -> node.operations()
			.queueStatuses()
			.stream()
			.anyMatch((status) -> status.queue().name().equals("default") && status.running() == 2));
		all.append(node.operations().queueStatuses()).append(node.operations().workers());
		all.append(node.operations().why(ids.get(3)).orElseThrow());
		this.mayEnd.countDown();
		await().until(() -> node.operations().find(JobFilter.in(JobState.DEAD), null, 10).items().size() == 1);
		JobInfo dead = node.operations().find(JobFilter.in(JobState.DEAD), null, 10).items().get(0);
		all.append(dead).append(node.operations().deadLetters(DeadLetterFilter.OPEN.withQueue("default"), null, 10));
		all.append(node.operations().timeline(dead.id())).append(node.events(JobEvent.class)).append(this.seen);
		assertThat(all.toString()).contains("default").doesNotContain("default#");
		assertThat(node.operations().retry(dead.id()).toString()).isNotEmpty();
		await().atMost(Duration.ofSeconds(20)).until(() -> this.ran.stream().filter("broken"::equals).count() == 6);
	}

}
