package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.WorkerInfo;
import io.jobstarter.WorkerReport;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.WorkerStore;
import io.jobstarter.worker.TestNode.Traits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of jobs when the database answers late or not at all.
 */
@Timeout(120)
class WorkerFaultTests {

	private static final Duration SHORT_LEASE = Duration.ofSeconds(2);

	private final List<AutoCloseable> toClose = new ArrayList<>();

	private TestDatabase database;

	@BeforeEach
	void createFreshDatabase() {
		this.database = TestDatabase.h2();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.toClose) {
			closeable.close();
		}
		this.database.close();
	}

	private TestNode built(TestNode.Builder builder) {
		TestNode node = builder.build();
		this.toClose.add(0, node);
		return node;
	}

	record Task(int number) {
	}

	record Suspect(int number) {
	}

	@Test
	void startsNothingThatWasClaimedByAWorkerDeclaredDeadMeanwhile() {
		AtomicBoolean dying = new AtomicBoolean(true);
		AtomicReference<TestNode> self = new AtomicReference<>();
		List<Long> workers = new CopyOnWriteArrayList<>();
		TestNode node = built(TestNode.on(this.database)
			.lease(Duration.ofSeconds(5))
			.claims((store) -> new Claims(store, (request) -> {
				if (dying.getAndSet(false)) {
					self.get()
						.jdbc()
						.update("update background_job_worker set dead_at = current_timestamp where id = ?",
								request.worker());
					await().until(() -> self.get().worker().health().id() != request.worker());
				}
				return store.claim(request);
			}))
			.handle(Task.class,
					(task, attempt) -> workers.add(self.get()
						.jdbc()
						.queryForObject("select worker from background_job_job where id = ?", Long.class,
								attempt.id().value()))));
		self.set(node);
		JobId id = node.client().enqueue(new Task(1)).id();
		// Without recovery, which would remove its row.
		node.worker().start();
		await().until(() -> job(node, id).state() == JobState.SUCCEEDED);
		assertThat(workers).containsExactly(node.worker().health().id());
		assertThat(job(node, id).crashes()).isZero();
	}

	@Test
	void freesALostClaimAlsoIfTheFirstTryFailsAndALongJobRunsOn() {
		AtomicBoolean losing = new AtomicBoolean();
		AtomicBoolean failing = new AtomicBoolean(true);
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch mayEnd = new CountDownLatch(1);
		TestNode node = built(
				TestNode.on(this.database).lease(SHORT_LEASE).claims((store) -> new Claims(store, (request) -> {
					List<ClaimedJob> claimed = store.claim(request);
					if (!claimed.isEmpty() && losing.getAndSet(false)) {
						throw new DataAccessResourceFailureException("the reply is lost");
					}
					return claimed;
				}) {

					@Override
					public int release(long worker, long claim) {
						if (failing.getAndSet(false)) {
							throw new DataAccessResourceFailureException("still away");
						}
						return super.release(worker, claim);
					}

				}).handle(Task.class, (task, attempt) -> {
					if (task.number() == 1) {
						started.countDown();
						mayEnd.await();
					}
				}))
			.start();
		node.client().enqueue(new Task(1));
		await().until(() -> started.getCount() == 0);
		losing.set(true);
		JobId lost = node.client().enqueue(new Task(2)).id();
		await().until(() -> job(node, lost).state() == JobState.SUCCEEDED);
		assertThat(job(node, lost).crashes()).isZero();
		assertThat(mayEnd.getCount()).isOne();
		mayEnd.countDown();
	}

	@Test
	void countsNoCrashForAClaimThatIsCommittedAfterItsWorkerHasGoneOnUnderAnotherId() {
		AtomicReference<ClaimRequest> late = new AtomicReference<>();
		AtomicBoolean mayClaim = new AtomicBoolean();
		TestNode node = built(
				TestNode.on(this.database).lease(SHORT_LEASE).claims((store) -> new Claims(store, (request) -> {
					if (late.compareAndSet(null, request)) {
						throw new DataAccessResourceFailureException("on its way");
					}
					return mayClaim.get() ? store.claim(request) : List.of();
				})).handle(Task.class, (task, attempt) -> {
				}))
			.start();
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> late.get() != null && hasRetired(node, late.get().worker()));
		assertThat(this.database.stores().claimStore().claim(late.get())).hasSize(1);
		mayClaim.set(true);
		await().until(() -> job(node, id).state() == JobState.SUCCEEDED);
		assertThat(job(node, id).crashes()).isZero();
	}

	@Test
	void interruptsABodyWhoseJobRecoveryHasFreed() {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		List<Boolean> leaseLost = new CopyOnWriteArrayList<>();
		TestNode node = built(TestNode.on(this.database).lease(SHORT_LEASE).handle(Task.class, (task, attempt) -> {
			if (started.getCount() > 0) {
				started.countDown();
				try {
					never.await();
				}
				finally {
					leaseLost.add(attempt.isLeaseLost());
				}
			}
		})).start();
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> started.getCount() == 0);
		long claim = node.jdbc().queryForObject("select claim from background_job_job", Long.class);
		this.database.stores().claimStore().release(node.worker().health().id(), claim);
		node.jdbc().update("delete from background_job_worker");
		await().until(() -> job(node, id).state() == JobState.SUCCEEDED);
		assertThat(leaseLost).containsExactly(true);
		assertThat(job(node, id).attempts()).isZero();
	}

	@Test
	void leavesItsRowBehindIfItStopsWhileAClaimIsOnItsWay() {
		CountDownLatch onItsWay = new CountDownLatch(1);
		CountDownLatch mayArrive = new CountDownLatch(1);
		TestNode stopped = built(
				TestNode.on(this.database).lease(SHORT_LEASE).claims((store) -> new Claims(store, (request) -> {
					onItsWay.countDown();
					awaitQuietly(mayArrive);
					return store.claim(request);
				})).handle(Task.class, (task, attempt) -> {
				}));
		JobId id = stopped.client().enqueue(new Task(1)).id();
		stopped.start();
		await().until(() -> onItsWay.getCount() == 0);
		stopped.stop();
		assertThat(stopped.operations().workers()).singleElement().matches(WorkerInfo::stopping);
		mayArrive.countDown();
		await().until(() -> job(stopped, id).state() == JobState.RUNNING);
		TestNode other = built(TestNode.on(this.database).lease(SHORT_LEASE).handle(Task.class, (task, attempt) -> {
		})).start();
		await().until(() -> job(other, id).state() == JobState.SUCCEEDED);
		assertThat(job(other, id).crashes()).isZero();
	}

	@Test
	void notesThatItIsStoppingAsSoonAsTheDatabaseIsBack() throws Exception {
		AtomicBoolean away = new AtomicBoolean(true);
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch mayEnd = new CountDownLatch(1);
		TestNode node = built(TestNode.on(this.database)
			.lease(SHORT_LEASE)
			.workers((store) -> new Workers(store, away))
			.handle(Task.class, (task, attempt) -> {
				started.countDown();
				mayEnd.await();
			})).start();
		node.client().enqueue(new Task(1));
		await().until(() -> started.getCount() == 0);
		Thread stopping = new Thread(node::stop);
		stopping.start();
		await().until(() -> node.operations().workers().stream().anyMatch(WorkerInfo::stopping));
		mayEnd.countDown();
		stopping.join();
		assertThat(node.operations().workers()).isEmpty();
	}

	@Test
	void runsASuspectAlthoughOtherQueuesAreNeverEmpty() {
		CountDownLatch mayEnd = new CountDownLatch(1);
		AtomicBoolean ran = new AtomicBoolean();
		AtomicInteger next = new AtomicInteger(40);
		AtomicReference<TestNode> self = new AtomicReference<>();
		TestNode node = built(TestNode.on(this.database)
			.queue("default", 5)
			.queue("suspects", 1)
			.handle(Task.class, (task, attempt) -> {
				if (!ran.get()) {
					mayEnd.await(20 + task.number() % 5 * 10, TimeUnit.MILLISECONDS);
					self.get().client().enqueue(new Task(next.getAndIncrement()));
				}
			})
			.handle(Suspect.class, (suspect, attempt) -> ran.set(true), new Traits().queue("suspects")));
		self.set(node);
		node.client().enqueueAll(IntStream.range(0, 40).mapToObj(Task::new).toList());
		JobId id = node.client().enqueue(new Suspect(1)).id();
		node.jdbc().update("update background_job_job set crashes = 2 where id = ?", id.value());
		node.start();
		await().until(() -> job(node, id).state() == JobState.SUCCEEDED);
	}

	private static boolean hasRetired(TestNode node, long worker) {
		return node.worker().health().id() != worker && node.operations()
			.workers()
			.stream()
			.filter((row) -> row.id() == worker)
			.allMatch(WorkerInfo::stopping);
	}

	private static JobInfo job(TestNode node, JobId id) {
		return node.operations().find(id).orElseThrow();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Answers claims.
	 */
	@FunctionalInterface
	private interface Answer {

		List<ClaimedJob> to(ClaimRequest request);

	}

	/**
	 * A store whose claims a test answers.
	 */
	private static class Claims extends FaultyClaimStore {

		private final Answer answer;

		Claims(ClaimStore store, Answer answer) {
			super(store);
			this.answer = answer;
		}

		@Override
		public List<ClaimedJob> claim(ClaimRequest request) {
			return this.answer.to(request);
		}

	}

	/**
	 * A store that is away when the worker first says that it is stopping.
	 */
	private record Workers(WorkerStore store, AtomicBoolean away) implements WorkerStore {

		@Override
		public void register(WorkerRow worker, Duration lease) {
			this.store.register(worker, lease);
		}

		@Override
		public Renewal renew(long worker, Duration lease, Duration heartbeat, @Nullable WorkerReport report) {
			return this.store.renew(worker, lease, heartbeat, report);
		}

		@Override
		public void markStopping(long worker) {
			if (this.away.getAndSet(false)) {
				throw new DataAccessResourceFailureException("away");
			}
			this.store.markStopping(worker);
		}

		@Override
		public void deregister(long worker) {
			this.store.deregister(worker);
		}

	}

}
