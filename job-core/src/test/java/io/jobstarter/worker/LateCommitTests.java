package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Jobs that are committed after others which took their places in the lane later: by
 * then, nodes have read on.
 */
@Timeout(120)
class LateCommitTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	// Each may hold two connections, of ten.
	private static final int WRITERS = 4;

	private static final int TRANSACTIONS_OF_A_WRITER = 150;

	private final TestDatabase database = database();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<TestNode> nodes = new ArrayList<>();

	private final Semaphore mayRun = new Semaphore(Integer.MAX_VALUE / 2);

	private final Map<Integer, AtomicInteger> runs = new ConcurrentHashMap<>();

	private final Set<Integer> committed = ConcurrentHashMap.newKeySet();

	private final AtomicInteger numbers = new AtomicInteger();

	TestDatabase database() {
		return TestDatabase.postgres();
	}

	@AfterEach
	void close() {
		this.mayRun.release(Integer.MAX_VALUE / 2);
		this.nodes.forEach(TestNode::close);
		this.threads.shutdownNow();
		this.database.close();
	}

	record Task(int number) {
	}

	@Test
	void runOnceEachWhenManyWritersOvertakeEachOtherSomeRollBackAndOneIsSlow() throws Exception {
		TestNode node = startedNode();
		startedNode();
		OpenTransaction slow = new OpenTransaction(node, 20);
		List<Future<?>> writers = new ArrayList<>();
		for (int seed = 0; seed < WRITERS; seed++) {
			Random random = new Random(seed);
			writers.add(this.threads.submit(() -> writeMany(node, random)));
		}
		for (Future<?> writer : writers) {
			writer.get();
		}
		awaitRunsOfAllThatIsCommitted();
		assertThat(this.committed).hasSizeGreaterThan(2_000);
		slow.commit();
		awaitRunsOfAllThatIsCommitted();
		await().atMost(LONG).until(() -> jobsIn(node) == 0);
		assertThat(this.runs.keySet()).isEqualTo(this.committed);
		assertThat(this.runs.values()).extracting(AtomicInteger::get).containsOnly(1);
	}

	@Test
	void areFoundByANodeThatHasNothingElseToDo() throws Exception {
		TestNode node = startedNode();
		OpenTransaction late = new OpenTransaction(node, 1);
		inTransaction(node, () -> enqueue(node, 200));
		await().atMost(LONG).until(() -> jobsIn(node) == 0);
		late.commit();
		awaitRunsOfAllThatIsCommitted();
	}

	@Test
	void areFoundByANodeThatHasMoreToDoThanItCan() throws Exception {
		this.mayRun.drainPermits();
		TestNode node = startedNode();
		inTransaction(node, () -> enqueue(node, 20));
		OpenTransaction late = new OpenTransaction(node, 1);
		inTransaction(node, () -> enqueue(node, 20_000));
		this.mayRun.release(100);
		await().atMost(LONG).until(() -> this.runs.size() == 100);
		late.commit();
		await().atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> {
			this.mayRun.release(5);
			return this.runs.keySet().containsAll(late.numbers());
		});
		assertThat(jobsIn(node)).isGreaterThan(100);
	}

	private TestNode startedNode() {
		TestNode node = TestNode.on(this.database).queue("default", 8).handle(Task.class, (task, attempt) -> {
			this.mayRun.acquire();
			this.runs.computeIfAbsent(task.number(), (number) -> new AtomicInteger()).incrementAndGet();
		}).start();
		this.nodes.add(node);
		return node;
	}

	private void writeMany(TestNode node, Random random) {
		for (int transaction = 0; transaction < TRANSACTIONS_OF_A_WRITER; transaction++) {
			inTransaction(node, () -> writeAndBeOvertaken(node, random));
		}
	}

	// Takes places, and keeps its transaction open while another one takes later places
	// and is committed, and at times until what that one enqueued has run.
	private List<Integer> writeAndBeOvertaken(TestNode node, Random random) {
		List<Integer> written = new ArrayList<>(write(node, random));
		if (random.nextBoolean()) {
			List<Integer> overtaking = inTransaction(node, () -> write(node, random));
			if (random.nextInt(4) == 0) {
				await().atMost(LONG).until(() -> this.runs.keySet().containsAll(overtaking));
			}
			written.addAll(write(node, random));
		}
		if (random.nextInt(5) == 0) {
			throw new RolledBack();
		}
		return written;
	}

	private List<Integer> write(TestNode node, Random random) {
		return random.nextBoolean() ? enqueue(node, 1) : enqueue(node, 2 + random.nextInt(15));
	}

	private List<Integer> enqueue(TestNode node, int count) {
		List<Task> tasks = IntStream.range(0, count).mapToObj((i) -> new Task(this.numbers.incrementAndGet())).toList();
		if (count == 1) {
			node.client().enqueue(tasks.get(0));
		}
		else {
			node.client().enqueueAll(tasks);
		}
		return tasks.stream().map(Task::number).toList();
	}

	// A transaction of its own, inside that of the caller if there is one.
	private List<Integer> inTransaction(TestNode node, Writing writing) {
		TransactionTemplate template = new TransactionTemplate(node.transactions().getTransactionManager());
		template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		try {
			List<Integer> written = template.execute((status) -> writing.write());
			this.committed.addAll(written);
			return written;
		}
		catch (RolledBack ex) {
			return List.of();
		}
	}

	private void awaitRunsOfAllThatIsCommitted() {
		await().atMost(LONG).until(() -> this.runs.keySet().containsAll(this.committed));
	}

	private static int jobsIn(TestNode node) {
		return node.jdbc().queryForObject("select count(*) from background_job_job", Integer.class);
	}

	/**
	 * Enqueues in a transaction.
	 */
	@FunctionalInterface
	private interface Writing {

		/**
		 * Enqueues.
		 * @return the numbers of the tasks
		 */
		List<Integer> write();

	}

	@SuppressWarnings("serial")
	private static final class RolledBack extends RuntimeException {

	}

	/**
	 * A transaction that has enqueued and waits for its commit.
	 */
	private final class OpenTransaction {

		private final CountDownLatch mayCommit = new CountDownLatch(1);

		private final CountDownLatch written = new CountDownLatch(1);

		private final Future<List<Integer>> writing;

		OpenTransaction(TestNode node, int jobs) throws InterruptedException {
			this.writing = LateCommitTests.this.threads.submit(() -> inTransaction(node, () -> {
				List<Integer> numbers = enqueue(node, jobs);
				this.written.countDown();
				awaitCommit();
				return numbers;
			}));
			this.written.await();
		}

		private void awaitCommit() {
			try {
				this.mayCommit.await();
			}
			catch (InterruptedException ex) {
				throw new RolledBack();
			}
		}

		void commit() throws Exception {
			this.mayCommit.countDown();
			this.writing.get();
		}

		List<Integer> numbers() throws Exception {
			return this.writing.get();
		}

	}

}
