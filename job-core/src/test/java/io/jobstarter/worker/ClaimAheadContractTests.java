package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.jobstarter.JobEvent;
import io.jobstarter.JobFilter;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.WorkerReport;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Look;
import io.jobstarter.store.QueueLimits;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.Settlement;
import io.jobstarter.store.WorkerStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a node claims ahead of its slots on every database, and what becomes of it when it
 * cannot start.
 */
@Timeout(120)
abstract class ClaimAheadContractTests {

	private static final Duration SHORT_LEASE = Duration.ofSeconds(2);

	private static final int KNOWN = 40;

	/** Waits until the test lets it end. */
	private static final int SLOW = 0;

	private final List<AutoCloseable> toClose = new ArrayList<>();

	private final List<Integer> ran = new CopyOnWriteArrayList<>();

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

	private TestNode.Builder node(int slots) {
		return TestNode.on(this.database).queue("default", slots).handle(Task.class, (task, attempt) -> {
			if (task.number() == SLOW) {
				this.mayEnd.await();
			}
			this.ran.add(task.number());
		});
	}

	private TestNode closing(TestNode node) {
		this.toClose.add(0, node);
		return node;
	}

	// A node that does not know how long jobs take claims none ahead.
	private TestNode startedAndKnowingThatJobsAreShort(TestNode.Builder builder) {
		TestNode node = closing(builder.start());
		enqueue(node, IntStream.rangeClosed(1, KNOWN));
		await().until(() -> ended(node) == KNOWN);
		this.ran.clear();
		return node;
	}

	private static void enqueue(TestNode node, IntStream numbers) {
		node.transactions().executeWithoutResult((status) -> node.client().enqueueAll(numbers.mapToObj(Task::new)));
	}

	private static int ended(TestNode node) {
		return count(node, "background_job_history");
	}

	private static int held(TestNode node) {
		return count(node, "background_job_job where worker is not null");
	}

	private static int count(TestNode node, String what) {
		return node.jdbc().queryForObject("select count(*) from " + what, Integer.class);
	}

	@Test
	void claimsShortJobsAheadButRunsNoMoreThanItHasSlots() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		Claims[] claims = new Claims[1];
		TestNode node = startedAndKnowingThatJobsAreShort(TestNode.on(this.database)
			.queue("default", 2)
			.claims((store) -> claims[0] = new Claims(store))
			.handle(Task.class, (task, attempt) -> {
				most.accumulateAndGet(running.incrementAndGet(), Math::max);
				Thread.yield();
				running.decrementAndGet();
			}));
		enqueue(node, IntStream.rangeClosed(1, 500));
		await().until(() -> ended(node) == KNOWN + 500);
		assertThat(claims[0].largest).hasValueGreaterThan(2);
		assertThat(most).hasValue(2);
		await().until(() -> node.worker().health().usedSlots().equals(Map.of("default", 0)));
	}

	@Test
	void showsOnlySlotsAsUsedInWhichJobsRun() {
		TestNode node = startedAndKnowingThatJobsAreShort(node(1));
		enqueue(node, IntStream.range(0, 20));
		await().until(() -> held(node) > 1 && node.worker().health().usedSlots().equals(Map.of("default", 1))
				&& held(node) > 1);
	}

	@Test
	void leavesJobsThatTakeLongToNodesWithFreeSlots() {
		CountDownLatch never = new CountDownLatch(1);
		Claims[] claims = new Claims[1];
		TestNode.Builder builder = TestNode.on(this.database).queue("default", 2);
		builder.claims((store) -> claims[0] = new Claims(store));
		TestNode node = closing(
				builder.handle(Task.class, (task, attempt) -> never.await(150, TimeUnit.MILLISECONDS)).start());
		enqueue(node, IntStream.rangeClosed(1, 40));
		await().until(() -> claims[0].largest.get() > 0);
		TestNode other = closing(node(2).start());
		await().until(() -> ended(node) == 40);
		assertThat(claims[0].largest).hasValueBetween(1, 2);
		assertThat(this.ran).hasSizeGreaterThan(2);
		assertThat(other.events(JobEvent.LeaseLost.class)).isEmpty();
	}

	@Test
	void givesBackInOrderWhatHasNotStartedWhenItStops() throws Exception {
		TestNode node = startedAndKnowingThatJobsAreShort(node(1));
		enqueue(node, IntStream.range(0, 30));
		await().until(() -> held(node) > 1);
		Thread stopping = new Thread(node::stop);
		stopping.start();
		await().until(() -> held(node) == 1);
		TestNode other = closing(node(1).start());
		await().until(() -> ended(node) == KNOWN + 29);
		assertThat(stopping.isAlive()).isTrue();
		assertThat(this.ran).isEqualTo(IntStream.range(1, 30).boxed().toList());
		this.mayEnd.countDown();
		stopping.join();
		assertThat(succeeded(other)).hasSize(KNOWN + 30).allSatisfy(ClaimAheadContractTests::hasCostNothing);
	}

	@Test
	void givesBackWhatHasWaitedForASecondBehindSlowBodies() {
		TestNode node = startedAndKnowingThatJobsAreShort(node(1));
		enqueue(node, IntStream.range(0, 30));
		await().until(() -> held(node) > 1);
		TestNode other = closing(node(1).start());
		await().until(() -> ended(node) == KNOWN + 29);
		assertThat(this.ran).containsExactlyInAnyOrderElementsOf(IntStream.range(1, 30).boxed().toList());
		this.mayEnd.countDown();
		await().until(() -> ended(node) == KNOWN + 30);
		assertThat(succeeded(other)).allSatisfy(ClaimAheadContractTests::hasCostNothing);
	}

	@Test
	void claimsNothingAheadOfAQueueWithJobsThatCameBack() {
		Claims[] claims = new Claims[1];
		TestNode node = startedAndKnowingThatJobsAreShort(node(2).claims((store) -> claims[0] = new Claims(store)));
		node.operations().pause("default", "for the test");
		enqueue(node, IntStream.rangeClosed(1, 200));
		node.jdbc().update("update background_job_job set front = true where seq % 2 = 0");
		node.operations().resume("default");
		await().until(() -> ended(node) == KNOWN + 200);
		assertThat(claims[0].largestOfReturned).hasValueBetween(1, 2);
		assertThat(claims[0].largest).hasValueGreaterThan(2);
	}

	@Test
	void startsNothingThatWaitedWhenItIsDeclaredDead() {
		AtomicBoolean dying = new AtomicBoolean();
		TestNode node = startedAndKnowingThatJobsAreShort(
				node(1).lease(SHORT_LEASE).workers((store) -> new Workers(store, dying)));
		enqueue(node, IntStream.range(0, 30));
		await().until(() -> held(node) > 1);
		long worker = node.worker().health().id();
		takeAwayWhatIsHeld(node);
		dying.set(true);
		await().until(() -> node.worker().health().id() != worker);
		this.mayEnd.countDown();
		await().until(() -> ended(node) == KNOWN + 30);
		assertThat(this.ran).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 30).boxed().toList());
	}

	@Test
	void startsNothingThatWaitedWhenTheDatabaseHasForgottenIt() {
		TestNode node = startedAndKnowingThatJobsAreShort(node(1).lease(SHORT_LEASE));
		enqueue(node, IntStream.range(0, 30));
		await().until(() -> held(node) > 1);
		node.transactions().executeWithoutResult((status) -> {
			takeAwayWhatIsHeld(node);
			node.jdbc().update("delete from background_job_worker");
		});
		await().until(() -> node.operations().workers().size() == 1);
		this.mayEnd.countDown();
		await().until(() -> ended(node) == KNOWN + 30);
		assertThat(this.ran).filteredOn((number) -> number != SLOW)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(1, 30).boxed().toList());
	}

	@Test
	void claimsNoMoreThanItMayHoldWhileOutcomesCannotBeWritten() {
		Claims[] claims = new Claims[1];
		TestNode node = startedAndKnowingThatJobsAreShort(node(2).claims((store) -> claims[0] = new Claims(store)));
		int before = claims[0].claimed.get();
		claims[0].settlesNothing.set(true);
		enqueue(node, IntStream.rangeClosed(1, 2_500));
		await().until(() -> this.ran.size() > 2 && claims[0].idlePolls.get() >= 5);
		assertThat(claims[0].claimed.get() - before).isBetween(3, 2 + Prefetch.MOST);
		assertThat(ended(node)).isEqualTo(KNOWN);
		claims[0].settlesNothing.set(false);
		await().atMost(Duration.ofSeconds(40)).until(() -> ended(node) == KNOWN + 2_500);
		assertThat(this.ran).containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 2_500).boxed().toList());
		assertThat(node.events(JobEvent.LeaseLost.class)).isEmpty();
		await().until(() -> node.events(JobEvent.Settled.class).size() == KNOWN + 2_500);
	}

	// As if recovery had freed it and another node had claimed it, which is gone as well.
	private static void takeAwayWhatIsHeld(TestNode node) {
		node.jdbc().update("update background_job_job set worker = 4711, claim = 1 where worker is not null");
	}

	private static List<JobInfo> succeeded(TestNode node) {
		return node.operations().find(JobFilter.in(JobState.SUCCEEDED), null, 200).items();
	}

	private static void hasCostNothing(JobInfo job) {
		assertThat(job.attempts()).isZero();
		assertThat(job.crashes()).isZero();
	}

	/**
	 * Notes how much is claimed, and settles nothing for a while.
	 */
	private static final class Claims extends FaultyClaimStore {

		private final AtomicInteger claimed = new AtomicInteger();

		private final AtomicInteger largest = new AtomicInteger();

		private final AtomicInteger largestOfReturned = new AtomicInteger();

		/** Since something was claimed. */
		private final AtomicInteger idlePolls = new AtomicInteger();

		private final AtomicBoolean settlesNothing = new AtomicBoolean();

		Claims(ClaimStore store) {
			super(store);
		}

		@Override
		public QueueLimits concurrencyLimits() {
			this.idlePolls.incrementAndGet();
			return super.concurrencyLimits();
		}

		@Override
		public Look look(QueueScope scope) {
			this.idlePolls.incrementAndGet();
			return super.look(scope);
		}

		@Override
		public List<ClaimedJob> claim(ClaimRequest request) {
			List<ClaimedJob> jobs = store().claim(request);
			if (!jobs.isEmpty()) {
				this.idlePolls.set(0);
			}
			this.claimed.addAndGet(jobs.size());
			this.largest.accumulateAndGet(jobs.size(), Math::max);
			boolean returned = request.demands()
				.stream()
				.flatMap((demand) -> demand.lanes().stream())
				.anyMatch((start) -> start.lane().front());
			if (returned) {
				this.largestOfReturned.accumulateAndGet(jobs.size(), Math::max);
			}
			return jobs;
		}

		@Override
		public Map<Long, Settled> settle(Collection<Settlement> settlements, boolean history) {
			if (this.settlesNothing.get()) {
				throw new DataAccessResourceFailureException("away");
			}
			return super.settle(settlements, history);
		}

	}

	/**
	 * A store that declares a worker dead when a test says so.
	 */
	private record Workers(WorkerStore store, AtomicBoolean dying) implements WorkerStore {

		@Override
		public void register(WorkerRow worker, Duration lease) {
			this.store.register(worker, lease);
		}

		@Override
		public Renewal renew(long worker, Duration lease, Duration heartbeat, @Nullable WorkerReport report) {
			return this.dying.getAndSet(false) ? Renewal.DEAD : this.store.renew(worker, lease, heartbeat, report);
		}

		@Override
		public void markStopping(long worker) {
			this.store.markStopping(worker);
		}

		@Override
		public void deregister(long worker) {
			this.store.deregister(worker);
		}

	}

}
