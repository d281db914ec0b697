package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobFilter;
import io.jobstarter.JobInfo;
import io.jobstarter.JobRetry;
import io.jobstarter.JobSnooze;
import io.jobstarter.JobState;
import io.jobstarter.LimitKey.Kind;
import io.jobstarter.worker.TestNode.Traits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Jobs with keys on whole nodes.
 */
@Timeout(60)
abstract class KeyEngineContractTests {

	private final List<TestNode> nodes = new ArrayList<>();

	private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();

	private final Set<String> violations = ConcurrentHashMap.newKeySet();

	private final List<Integer> ran = new CopyOnWriteArrayList<>();

	private TestDatabase database;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void createFreshDatabase() {
		this.database = createDatabase();
	}

	@AfterEach
	void close() {
		this.nodes.forEach(TestNode::close);
		this.database.close();
	}

	record Sync(int number, String account) {
	}

	record Upload(int number, String account) {
	}

	private TestNode node(TestNode.Builder builder) {
		TestNode node = builder.build();
		this.nodes.add(node);
		return node;
	}

	private static Traits one() {
		return new Traits().limit("account", "#{payload.account()}", 1);
	}

	private void run(int number, String account, int limit) {
		AtomicInteger now = this.running.computeIfAbsent(account, (key) -> new AtomicInteger());
		if (now.incrementAndGet() > limit) {
			this.violations.add("more than " + limit + " of " + account);
		}
		Thread.onSpinWait();
		this.ran.add(number);
		now.decrementAndGet();
	}

	@Test
	void bodiesOfAKeyNeverOverlapOnTwoNodesAndAllRun() {
		for (int i = 0; i < 2; i++) {
			node(TestNode.on(this.database)
				.handle(Sync.class, (job, attempt) -> run(job.number(), job.account(), 1), one())
				.handle(Upload.class, (job, attempt) -> run(job.number(), job.account(), 1), one())).start();
		}
		List<Object> jobs = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			String account = (i % 4 == 0) ? "hot" : "a" + (i % 20);
			jobs.add((i % 2 == 0) ? new Sync(i, account) : new Upload(i, account));
		}
		this.nodes.get(0).client().enqueueAll(jobs);
		await().until(() -> this.ran.size() == 200);
		assertThat(this.violations).isEmpty();
		assertThat(this.ran).doesNotHaveDuplicates();
	}

	@Test
	void theNextJobOfAKeyStartsWithoutWaitingForAPoll() {
		TestNode node = node(TestNode.on(this.database)
			.pollInterval(Duration.ofMinutes(5))
			.handle(Sync.class, (job, attempt) -> run(job.number(), job.account(), 1), one()));
		node.start();
		node.client().enqueueAll(IntStream.range(0, 20).mapToObj((i) -> new Sync(i, "a")).toList());
		await().until(() -> this.ran.size() == 20);
		assertThat(this.ran).isSorted();
	}

	@Test
	void anOrderIsKeptThroughRetries() {
		Map<Integer, Integer> attempts = new ConcurrentHashMap<>();
		TestNode node = node(TestNode.on(this.database).handle(Sync.class, (job, attempt) -> {
			if (job.number() % 5 == 0 && attempts.merge(job.number(), 1, Integer::sum) < 3) {
				throw JobRetry.after(Duration.ofMillis(30));
			}
			run(job.number(), job.account(), 1);
		}, new Traits().inOrder("account", "#{payload.account()}", Kind.ORDER)));
		node.client().enqueueAll(IntStream.range(0, 30).mapToObj((i) -> new Sync(i, "a")).toList());
		node.start();
		await().until(() -> this.ran.size() == 30);
		assertThat(this.ran).isSorted();
	}

	@Test
	void aFailedHeadIsPassedOverIfTheOrderSaysSo() {
		CountDownLatch passed = new CountDownLatch(1);
		TestNode node = node(TestNode.on(this.database).handle(Sync.class, (job, attempt) -> {
			if (job.number() == 0 && attempt.number() == 1) {
				throw JobRetry.after(Duration.ofMillis(20));
			}
			if (job.number() == 0 && passed.getCount() > 0) {
				throw JobSnooze.by(Duration.ofMillis(20));
			}
			run(job.number(), job.account(), 1);
			if (job.number() == 2) {
				passed.countDown();
			}
		}, new Traits().inOrder("account", "#{payload.account()}", Kind.ORDER_SKIPPING)));
		node.client().enqueueAll(List.of(new Sync(0, "a"), new Sync(1, "a"), new Sync(2, "a")));
		node.start();
		await().until(() -> this.ran.size() == 3);
		assertThat(this.ran).containsExactly(1, 2, 0);
	}

	@Test
	void transactionalJobsOfAKeyRunOneAfterTheOther() {
		TestNode node = node(TestNode.on(this.database)
			.handle(Sync.class, (job, attempt) -> run(job.number(), job.account(), 1), one().transactional()));
		node.start();
		node.client().enqueueAll(IntStream.range(0, 20).mapToObj((i) -> new Sync(i, "a")).toList());
		await().until(() -> this.ran.size() == 20);
		assertThat(this.violations).isEmpty();
		assertThat(this.ran).isSorted();
	}

	@Test
	void whatWaitsSaysForWhat() {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		TestNode node = node(TestNode.on(this.database).handle(Sync.class, (job, attempt) -> {
			begun.countDown();
			end.await();
		}, one()));
		node.start();
		node.client().enqueue(new Sync(0, "a"));
		node.client().enqueue(new Sync(1, "a"));
		await().until(() -> blocked(node).size() == 1);
		assertThat(blocked(node).get(0).reason()).contains("account:a");
		end.countDown();
		await().until(() -> blocked(node).isEmpty());
	}

	private static List<JobInfo> blocked(TestNode node) {
		return node.operations().find(JobFilter.in(JobState.BLOCKED), null, 10).items();
	}

	@Test
	void aBodyThatHoldsAKeyIsInterruptedWhenItsLeaseIsLost() {
		List<Boolean> leaseLost = new CopyOnWriteArrayList<>();
		CountDownLatch begun = new CountDownLatch(1);
		TestNode node = node(TestNode.on(this.database)
			.lease(Duration.ofSeconds(1))
			.handle(Sync.class, (job, attempt) -> untilInterrupted(attempt, begun, leaseLost), one()));
		node.start();
		node.client().enqueue(new Sync(0, "a"));
		await().until(() -> begun.getCount() == 0);
		node.jdbc().update("update background_job_worker set dead_at = current_timestamp");
		await().until(() -> !leaseLost.isEmpty());
		assertThat(leaseLost).first().isEqualTo(true);
	}

	private static void untilInterrupted(JobAttempt attempt, CountDownLatch begun, List<Boolean> leaseLost) {
		begun.countDown();
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			leaseLost.add(attempt.isLeaseLost());
		}
	}

}
