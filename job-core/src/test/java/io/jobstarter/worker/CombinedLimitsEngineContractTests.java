package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.jobstarter.JobRate;
import io.jobstarter.worker.TestNode.Traits;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import io.jobstarter.worker.WorkerSettings.Reserved;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Queues with several kinds of limits at the same time. The nodes poll so rarely that
 * whatever waits for a poll fails.
 */
@Timeout(60)
abstract class CombinedLimitsEngineContractTests {

	private static final Duration NEVER = Duration.ofHours(1);

	private final List<TestNode> nodes = new ArrayList<>();

	private final List<String> ran = new CopyOnWriteArrayList<>();

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	private final CountDownLatch heldMayEnd = new CountDownLatch(1);

	private TestDatabase database;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void createFreshDatabase() {
		this.database = createDatabase();
	}

	@AfterEach
	void close() {
		this.heldMayEnd.countDown();
		this.nodes.forEach(TestNode::close);
		this.database.close();
	}

	record Sync(String account) {
	}

	record Task(String kind) {
	}

	private TestNode.Builder node() {
		return TestNode.on(this.database)
			.handle(Task.class, (task, attempt) -> run(task.kind()))
			.handle(Sync.class, (job, attempt) -> run(job.account()),
					new Traits().limit("account", "#{payload.account()}", 1))
			.pollInterval(NEVER);
	}

	private TestNode built(TestNode.Builder builder) {
		TestNode node = builder.build();
		this.nodes.add(node);
		return node;
	}

	private void run(String kind) throws InterruptedException {
		this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
		try {
			if (kind.startsWith("held")) {
				this.heldMayEnd.await();
			}
			this.ran.add(kind);
		}
		finally {
			this.running.decrementAndGet();
		}
	}

	private long ran(String kind) {
		return this.ran.stream().filter(kind::equals).count();
	}

	private static QueueSettings bounded(int concurrency, int maxFleetConcurrency) {
		return new QueueSettings(concurrency, 1, null, maxFleetConcurrency);
	}

	private static void enqueueSyncs(TestNode node, String account, int count, String queue, String tenant) {
		node.transactions()
			.executeWithoutResult(
					(status) -> IntStream.range(0, count).forEach((i) -> enqueueSync(node, account, queue, tenant)));
	}

	private static void enqueueSync(TestNode node, String account, String queue, String tenant) {
		if (tenant.isEmpty()) {
			node.client().job(new Sync(account)).queue(queue).enqueue();
		}
		else {
			node.client().job(new Sync(account)).queue(queue).fairBy(tenant).enqueue();
		}
	}

	private static void enqueueTasks(TestNode node, String kind, int priority, int count) {
		node.transactions()
			.executeWithoutResult((status) -> IntStream.range(0, count)
				.forEach((i) -> node.client().job(new Task(kind)).priority(priority).enqueue()));
	}

	@Test
	void jobsThatWaitForAKeyKeepNoOthersOfTheirQueueFromTheSlots() {
		TestNode node = built(node().queue("default", 3).queue("other", 3));
		enqueueSyncs(node, "held", 30, "default", "");
		enqueueSyncs(node, "free", 1, "default", "");
		enqueueSyncs(node, "held-too", 1, "other", "");
		node.start();
		await().until(() -> ran("free") == 1);
		assertThat(this.running).hasValue(2);
	}

	@Test
	void jobsThatWaitForAKeyKeepNoOthersOfTheirShareFromTheSlots() {
		TestNode node = built(node().queue("default", 8));
		enqueueSyncs(node, "held", 30, "default", "large");
		enqueueSyncs(node, "free", 1, "default", "large");
		enqueueSyncs(node, "held-too", 1, "default", "small");
		node.start();
		await().until(() -> ran("free") == 1);
		assertThat(this.running).hasValue(2);
	}

	@Test
	void jobsWithKeysForWhichThereAreNoSlotsYetStartAsSoonAsThereAre() {
		TestNode node = built(node().queue("default", 3));
		node.start();
		enqueueTasks(node, "short", 0, 500);
		await().until(() -> ran("short") == 500);
		node.transactions()
			.executeWithoutResult(
					(status) -> IntStream.range(0, 300).forEach((i) -> enqueueSync(node, "a" + i, "default", "")));
		await().until(() -> this.ran.size() == 800);
	}

	@Test
	void aFreeSlotIsTakenWhenAPermitOfTheRateComesThoughNothingEnds() {
		TestNode node = built(node().queue("default", 8).rate("default", new JobRate(2, Duration.ofMillis(300))));
		enqueueTasks(node, "held", 0, 6);
		node.start();
		await().until(() -> this.running.get() == 6);
	}

	// It has used up the only permit of the hour when the node gave it back.
	@Test
	void aSuspectThatWasGivenBackNeedsNoOtherPermit() {
		TestNode node = built(
				node().queue("other", 1).queue("default", 4).rate("default", new JobRate(1, Duration.ofHours(1))));
		enqueueTasks(node, "suspect", 0, 1);
		node.jdbc().update("update background_job_job set crashes = 2");
		node.client().job(new Task("held")).queue("other").enqueue();
		node.start();
		await().until(() -> node.jdbc()
			.queryForObject("select count(*) from background_job_job where front and worker is null", Long.class) == 1);
		this.heldMayEnd.countDown();
		await().until(() -> ran("suspect") == 1);
	}

	@Test
	void theSharesOfARatedQueueThatIsBoundedOverAllNodesKeepBoth() {
		JobRate rate = new JobRate(40, Duration.ofMillis(200));
		for (int i = 0; i < 2; i++) {
			// Both nodes share a store, which tells one of them only of jobs that are let
			// go
			built(node().pollInterval(Duration.ofMillis(250)).queue("default", bounded(4, 3)).rate("default", rate));
		}
		TestNode node = this.nodes.get(0);
		enqueueSyncs(node, "a", 40, "default", "large");
		enqueueSyncs(node, "b", 20, "default", "small");
		this.nodes.forEach(TestNode::start);
		await().until(() -> ran("a") == 40 && ran("b") == 20);
		assertThat(this.most.get()).isLessThanOrEqualTo(3);
	}

	@Test
	void slotsThatAreKeptForLowPrioritiesDoNotGetAllPermitsOfARate() {
		TestNode node = built(
				node().queue("default", 4, new Reserved(1, 0)).rate("default", new JobRate(4, Duration.ofMillis(100))));
		enqueueTasks(node, "low", -1, 200);
		enqueueTasks(node, "high", 5, 10);
		node.start();
		await().until(() -> ran("high") == 10);
		assertThat(this.ran.subList(0, this.ran.lastIndexOf("high")).stream().filter("low"::equals)).as("before them")
			.hasSizeLessThan(150);
	}

	@Test
	void slotsThatAreKeptForLowPrioritiesAreNotAllThatTheNodeHasOfTheFleets() {
		TestNode node = built(node().queue("default", new QueueSettings(6, 1, null, 2, new Reserved(2, 0))));
		enqueueTasks(node, "held-low", -1, 5);
		enqueueTasks(node, "high", 5, 3);
		node.start();
		await().until(() -> ran("high") == 3);
		assertThat(this.most.get()).isLessThanOrEqualTo(2);
	}

}
