package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which queues a node serves on every database, in what order, and how many of their jobs
 * at the same time.
 */
@Timeout(60)
abstract class QueueEngineContractTests {

	private volatile CountDownLatch gate = new CountDownLatch(0);

	private final List<AutoCloseable> toClose = new ArrayList<>();

	private final List<String> ran = new CopyOnWriteArrayList<>();

	private final Map<String, Integer> running = new ConcurrentHashMap<>();

	private final Map<String, Integer> most = new ConcurrentHashMap<>();

	private final CountDownLatch mayEnd = new CountDownLatch(1);

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

	record Task(int number) {
	}

	private TestNode.Builder recording() {
		return TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
			this.gate.await();
			this.ran.add(attempt.queue());
		});
	}

	// Jobs that end at once may be gone before the next of their queue are claimed.
	private TestNode.Builder recordingShortWork() {
		return TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
			this.gate.await();
			for (long end = System.nanoTime() + 300_000; System.nanoTime() < end;) {
				Thread.onSpinWait();
			}
			this.ran.add(attempt.queue());
		});
	}

	private TestNode.Builder blocking() {
		return TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
			this.ran.add(attempt.queue());
			count(attempt.queue(), 1);
			count("all", 1);
			this.mayEnd.await();
			count(attempt.queue(), -1);
			count("all", -1);
		});
	}

	private void count(String what, int change) {
		int now = this.running.merge(what, change, Integer::sum);
		this.most.merge(what, now, Math::max);
	}

	private TestNode closing(TestNode node) {
		this.toClose.add(0, node);
		return node;
	}

	private static void enqueue(TestNode node, int count, String... queues) {
		node.transactions().executeWithoutResult((status) -> {
			for (int i = 0; i < count; i++) {
				for (String queue : queues) {
					node.client().job(new Task(i)).queue(queue).enqueue();
				}
			}
		});
	}

	// What a node does not know it does not claim ahead, so that for its first few jobs
	// the
	// shares are not what they will be.
	private void startAndMeet(TestNode node, String... queues) {
		enqueue(node, 20, queues);
		node.start();
		await().until(() -> succeeded(node).size() == 20 * queues.length);
		this.ran.clear();
	}

	// Starts none before all queues take part in the choice.
	private void enqueueAndHold(TestNode node, int count, String... queues) {
		this.gate = new CountDownLatch(1);
		enqueue(node, count, queues);
		await().until(() -> node.operations()
			.find(JobFilter.in(JobState.RUNNING), null, 200)
			.items()
			.stream()
			.map(JobInfo::queue)
			.distinct()
			.count() == queues.length);
		this.gate.countDown();
	}

	private static long waitingIn(TestNode node, String queue) {
		return node.operations()
			.find(JobFilter.in(JobState.READY), null, 200)
			.items()
			.stream()
			.filter((job) -> job.queue().equals(queue))
			.count();
	}

	private static List<JobInfo> succeeded(TestNode node) {
		return node.operations().find(JobFilter.in(JobState.SUCCEEDED), null, 200).items();
	}

	private List<String> first(int count) {
		return List.copyOf(this.ran).subList(0, count);
	}

	@Test
	void theQueuesOfAWildcardShareItsSlotsAndOthersAreLeftAlone() {
		TestNode node = closing(blocking().queue("other", 5).queue("mail*", 2).build());
		enqueue(node, 3, "mail", "mail-a", "mailers", "Mail", "report");
		node.start();
		await().until(() -> this.running.getOrDefault("all", 0) == 2);
		this.mayEnd.countDown();
		await().until(() -> succeeded(node).size() == 9);
		assertThat(this.most).containsEntry("all", 2);
		assertThat(waitingIn(node, "Mail") + waitingIn(node, "report")).isEqualTo(6);
	}

	@Test
	void anExactEntryAndALongerBeginningHaveSlotsOfTheirOwn() {
		TestNode node = closing(blocking().queue("*", 1).queue("mail*", 1).queue("mail-vip", 1).build());
		enqueue(node, 2, "mail-a", "mail-b", "mail-vip", "report");
		node.start();
		await().until(() -> this.running.getOrDefault("all", 0) == 3);
		assertThat(this.running).containsEntry("mail-a", 1).containsEntry("mail-vip", 1).containsEntry("report", 1);
	}

	@Test
	void findsQueuesThatNobodyAnnouncedAndStartsAnnouncedOnesAtOnce() {
		TestNode producer = closing(recording().build());
		TestNode node = closing(recording().queue("*", 5).start());
		enqueue(producer, 1, "tenant-1");
		await().until(() -> this.ran.contains("tenant-1"));
		node.stop();
		TestNode slow = closing(recording().queue("t*", 5).pollInterval(Duration.ofHours(1)).start());
		await().until(() -> slow.worker().health().isUp());
		enqueue(slow, 1, "tenant-2");
		await().until(() -> this.ran.contains("tenant-2"));
	}

	@Test
	void servesAThousandQueuesWithSeveralPriorities() {
		TestNode node = closing(recording().queue("*", 20).build());
		node.transactions()
			.executeWithoutResult((status) -> IntStream.range(0, 2_000)
				.forEach((i) -> node.client()
					.job(new Task(i))
					.queue("tenant-" + i % 1_000)
					.priority(i / 1_000)
					.enqueue()));
		node.start();
		await().atMost(Duration.ofSeconds(50)).until(() -> this.ran.size() >= 2_000);
		assertThat(this.ran).hasSize(2_000);
		assertThat(this.ran.stream().distinct()).hasSize(1_000);
	}

	@Test
	void reachesTheLastOfManyQueuesWhoseJobsItCannotRun() {
		TestNode node = closing(recording().queue("*", 5).build());
		for (int i = 0; i < 250; i++) {
			enqueue(node, 1, "queue-%03d".formatted(i));
		}
		node.jdbc().update("update background_job_job set name = 'unknown' where queue <> 'queue-249'");
		node.start();
		await().until(() -> this.ran.equals(List.of("queue-249")));
	}

	@Test
	void aPauseHoldsAcrossRestartsAndForQueuesOfAWildcard() {
		TestNode first = closing(recording().queue("*", 1).start());
		first.operations().pause("tenant-1", "broken");
		enqueue(first, 2, "tenant-1", "tenant-2");
		await().until(() -> succeeded(first).size() == 2);
		first.stop();
		TestNode second = closing(recording().queue("tenant-*", 1).start());
		enqueue(second, 1, "tenant-1", "tenant-2");
		await().until(() -> succeeded(second).size() == 3);
		assertThat(this.ran).containsOnly("tenant-2").hasSize(3);
		second.operations().resume("tenant-1");
		await().until(() -> succeeded(second).size() == 6);
	}

	@Test
	void aStrictOrderServesNoQueueWhileAHigherOneHasJobs() {
		TestNode node = closing(recording().queue("high", 5).queue("low", 5).concurrency(1).build());
		enqueue(node, 30, "low", "high");
		node.start();
		await().until(() -> this.ran.size() == 60);
		assertThat(first(30)).containsOnly("high");
	}

	@Test
	void aStrictOrderTurnsToTheHigherQueueAsSoonAsItHasAJobAgain() {
		TestNode[] self = new TestNode[1];
		TestNode node = closing(TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
			this.ran.add(attempt.queue());
			if (attempt.queue().equals("low")) {
				self[0].client().job(new Task(0)).queue("high").enqueue();
			}
		}).queue("high", 5).queue("l*", 5).concurrency(1).build());
		self[0] = node;
		enqueue(node, 10, "low");
		node.start();
		await().until(() -> this.ran.size() == 20);
		assertThat(this.ran)
			.isEqualTo(Stream.iterate(0, (i) -> i + 1).limit(20).map((i) -> (i % 2 == 0) ? "low" : "high").toList());
	}

	@Test
	void aStrictOrderServesTheQueuesOfAWildcardByTheirNames() {
		TestNode node = closing(recording().queue("t-*", 1).build());
		enqueue(node, 5, "t-c", "t-a", "t-b");
		node.start();
		await().until(() -> this.ran.size() == 15);
		assertThat(this.ran).isSorted();
	}

	@Test
	void aWeightedOrderSharesByWeight() {
		TestNode node = closing(recordingShortWork().queueOrder(QueueOrder.WEIGHTED)
			.queue("light", 5, 1)
			.queue("heavy", 5, 3)
			.concurrency(1)
			.build());
		startAndMeet(node, "light", "heavy");
		enqueueAndHold(node, 600, "light", "heavy");
		await().atMost(Duration.ofSeconds(40)).until(() -> this.ran.size() >= 400);
		// 300 with a standard deviation of 9
		assertThat(first(400)).filteredOn("heavy"::equals).hasSizeBetween(240, 360);
	}

	@Test
	void aWeightedOrderLetsNoQueueStarve() {
		TestNode node = closing(recordingShortWork().queueOrder(QueueOrder.WEIGHTED)
			.queue("t-*", 1, 1)
			.queue("busy", 1, 5)
			.concurrency(1)
			.build());
		startAndMeet(node, "busy", "t-a");
		enqueueAndHold(node, 200, "busy", "t-a", "t-b", "t-c");
		await().atMost(Duration.ofSeconds(40)).until(() -> this.ran.size() >= 200);
		assertThat(first(200)).contains("t-a", "t-b", "t-c", "busy");
	}

	@Test
	void aConcurrencyIsRaisedWhileNoSlotIsFree() {
		TestNode node = closing(blocking().queue("default", 2).start());
		enqueue(node, 20, "default");
		await().until(() -> this.running.getOrDefault("all", 0) == 2);
		node.operations().setConcurrency("default", 7);
		await().until(() -> this.running.get("all") == 7);
		assertThat(node.worker().health().slots()).isEqualTo(7);
	}

	@Test
	void aConcurrencyIsLoweredWithoutInterruptingWhatRuns() {
		AtomicBoolean lowered = new AtomicBoolean();
		CountDownLatch never = new CountDownLatch(1);
		TestNode node = closing(TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
			String when = lowered.get() ? "later" : "first";
			count(when, 1);
			this.mayEnd.await();
			never.await(10, TimeUnit.MILLISECONDS);
			count(when, -1);
		}).queue("default", 4).start());
		enqueue(node, 20, "default");
		await().until(() -> this.running.getOrDefault("first", 0) == 4);
		node.operations().setConcurrency("default", 1);
		await().until(() -> node.worker().health().slots() == 1);
		lowered.set(true);
		assertThat(node.worker().health().usedSlots()).containsEntry("default", 4);
		this.mayEnd.countDown();
		await().until(() -> succeeded(node).size() == 20);
		assertThat(this.most).isEqualTo(Map.of("first", 4, "later", 1));
		assertThat(succeeded(node)).allMatch((job) -> job.attempts() == 0);
		node.operations().resetConcurrency("default");
		await().until(() -> node.worker().health().slots() == 4);
	}

	@Test
	void aConcurrencyHoldsOnEveryNodeAndAcrossRestarts() {
		TestNode one = closing(blocking().queue("default", 2).start());
		TestNode two = closing(blocking().queue("*", 3).queue("default", 2).start());
		one.operations().setConcurrency("default", 5);
		await().until(() -> one.worker().health().slots() == 5 && two.worker().health().slots() == 8);
		TestNode three = closing(blocking().queue("default", 1).concurrency(4).start());
		await().until(() -> three.worker().health().slots() == 4);
	}

	@Test
	void aConcurrencyOfAQueueHoldsWithinTheSlotsOfItsWildcard() {
		TestNode node = closing(blocking().queue("*", 4).build());
		node.operations().setConcurrency("tenant-a", 1);
		node.operations().setConcurrency("tenant-b", 50);
		enqueue(node, 10, "tenant-a", "tenant-b");
		node.start();
		await().until(() -> this.running.getOrDefault("all", 0) == 4);
		this.mayEnd.countDown();
		await().until(() -> succeeded(node).size() == 20);
		assertThat(this.most).containsEntry("tenant-a", 1).containsEntry("all", 4);
	}

	@Test
	void aSuspectOfAWildcardRunsAlone() {
		AtomicInteger bodies = new AtomicInteger();
		AtomicInteger besideTheSuspect = new AtomicInteger(-1);
		CountDownLatch never = new CountDownLatch(1);
		TestNode node = closing(TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
			bodies.incrementAndGet();
			if (attempt.queue().equals("t-suspect")) {
				besideTheSuspect.set(bodies.get());
			}
			else {
				never.await(20, TimeUnit.MILLISECONDS);
			}
			bodies.decrementAndGet();
		}).queue("other", 2).queue("t-*", 3).build());
		enqueue(node, 15, "other", "t-a");
		JobId suspect = node.client().job(new Task(0)).queue("t-suspect").enqueue().id();
		node.jdbc().update("update background_job_job set crashes = 2 where id = ?", suspect.value());
		enqueue(node, 15, "other", "t-a");
		node.start();
		await().until(() -> succeeded(node).size() == 61);
		assertThat(besideTheSuspect).hasValue(1);
	}

}
