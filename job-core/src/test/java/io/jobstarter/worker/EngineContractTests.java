package io.jobstarter.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.jobstarter.AttemptFailure;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterCallback;
import io.jobstarter.DeadReason;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobDiscard;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFilter;
import io.jobstarter.JobHandler;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobSnooze;
import io.jobstarter.JobState;
import io.jobstarter.RetryOn;
import io.jobstarter.fixture.Tenants;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.WorkerStore.WorkerRow;
import io.jobstarter.support.CleanText;
import io.jobstarter.worker.TestNode.Traits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a node does on every database: the way of a job from a transaction to its result.
 */
@Timeout(120)
abstract class EngineContractTests {

	private static final Duration SHORT_LEASE = Duration.ofSeconds(2);

	private final List<AutoCloseable> toClose = new ArrayList<>();

	private TestDatabase database;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void createFreshDatabase() {
		this.database = createDatabase();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.toClose) {
			closeable.close();
		}
		this.database.close();
	}

	private TestNode.Builder node() {
		return TestNode.on(this.database);
	}

	private TestNode started(TestNode.Builder builder) {
		TestNode node = builder.start();
		this.toClose.add(0, node);
		return node;
	}

	private TestNode notStarted(TestNode.Builder builder) {
		TestNode node = builder.build();
		this.toClose.add(0, node);
		return node;
	}

	record Task(int number) {
	}

	record Effect(int number) {
	}

	@Test
	void runsWhatACommittedTransactionEnqueuedAndNothingThatWasRolledBack() {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		TestNode node = started(node().handle(Task.class, (task, attempt) -> ran.add(task.number())));
		node.transactions().executeWithoutResult((status) -> {
			node.client().enqueue(new Task(1));
			status.setRollbackOnly();
		});
		node.transactions().executeWithoutResult((status) -> node.client().enqueue(new Task(2)));
		node.client().enqueue(new Task(3));
		await().until(() -> ran.size() == 2);
		assertThat(ran).containsExactlyInAnyOrder(2, 3);
		await().until(() -> jobs(node, JobState.SUCCEEDED).size() == 2);
		assertThat(node.operations().find(JobFilter.ALL, null, 10).items()).hasSize(2);
		assertThat(node.events(JobEvent.Enqueued.class)).hasSize(2);
	}

	@Test
	void startsAnEnqueuedJobWithoutWaitingForThePoll() {
		CountDownLatch ran = new CountDownLatch(1);
		TestNode node = started(
				node().pollInterval(Duration.ofHours(1)).handle(Task.class, (task, attempt) -> ran.countDown()));
		await().until(() -> node.worker().health().isUp());
		node.client().enqueue(new Task(1));
		await().until(() -> ran.getCount() == 0);
		await().until(() -> jobs(node, JobState.SUCCEEDED).size() == 1);
		await().until(() -> node.worker().health().usedSlots().equals(Map.of("default", 0)));
	}

	@Test
	void retriesUntilTheAttemptsRunOutAndBuriesTheJobWithAllOfThem() {
		List<Integer> numbers = new CopyOnWriteArrayList<>();
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
			numbers.add(attempt.number());
			throw new IllegalStateException("number " + attempt.number());
		}));
		JobId id = node.client().job(new Task(1)).tag("t").header("h", "v").enqueue().id();
		await().until(() -> node.operations().deadLetter(id).isPresent());
		assertThat(numbers).containsExactly(1, 2, 3);
		DeadLetter letter = node.operations().deadLetter(id).orElseThrow();
		assertThat(letter.reason()).isEqualTo(DeadReason.EXHAUSTED);
		assertThat(letter.attempts()).isEqualTo(3);
		assertThat(letter.failure().message()).isEqualTo("number 3");
		assertThat(letter.payload()).isEqualTo("{\"number\":1}");
		assertThat(letter.tags()).containsExactly("t");
		assertThat(letter.headers()).containsEntry("h", "v");
		assertThat(node.operations().failures(id)).extracting(AttemptFailure::number).containsExactly(1, 2, 3);
		assertThat(node.operations().find(id)).get().extracting(JobInfo::state).isEqualTo(JobState.DEAD);
	}

	@Test
	void runsADeadLetterAgainAsANewJob() {
		AtomicBoolean healed = new AtomicBoolean();
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
			if (!healed.get()) {
				throw new IllegalStateException("broken");
			}
		}));
		JobId dead = node.client().enqueue(new Task(1)).id();
		await().until(() -> node.operations().deadLetter(dead).isPresent());
		healed.set(true);
		JobId again = node.operations().retry(dead);
		await().until(() -> state(node, again) == JobState.SUCCEEDED);
		assertThat(again).isNotEqualTo(dead);
		assertThat(node.operations().deadLetter(dead).orElseThrow().retriedAs()).isEqualTo(again);
	}

	@Test
	void usesUpNoAttemptForASnooze() {
		List<Integer> numbers = new CopyOnWriteArrayList<>();
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
			numbers.add(attempt.number());
			if (numbers.size() < 6) {
				throw JobSnooze.by(Duration.ofMillis(10));
			}
		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> state(node, id) == JobState.SUCCEEDED);
		assertThat(numbers).containsOnly(1).hasSize(6);
	}

	@Test
	void endsADiscardedJobWithoutADeadLetter() {
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
			throw JobDiscard.because("the user\u0000 is gone\uD800" + "!".repeat(6_000));
		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> state(node, id) == JobState.DISCARDED);
		assertThat(node.operations().find(id).orElseThrow().reason()).startsWith("the user\uFFFD is gone\uFFFD!")
			.hasSize(1_000);
		assertThat(node.operations().deadLetter(id)).isEmpty();
	}

	@Test
	void runsAScheduledJobWhenItIsDueAndNotBefore() {
		List<Instant> ran = new CopyOnWriteArrayList<>();
		List<Instant> due = new CopyOnWriteArrayList<>();
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
			due.add(attempt.dueAt());
			ran.add(Instant.now());
		}));
		node.client().job(new Task(1)).in(Duration.ofMillis(700)).enqueue();
		await().until(() -> !ran.isEmpty());
		assertThat(ran.get(0)).isAfterOrEqualTo(due.get(0));
	}

	@Test
	void runsHigherPrioritiesFirst() {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		TestNode node = notStarted(
				node().queue("default", 1).handle(Task.class, (task, attempt) -> ran.add(task.number())));
		node.client().job(new Task(1)).priority(-5).enqueue();
		node.client().job(new Task(2)).enqueue();
		node.client().job(new Task(3)).priority(7).enqueue();
		node.client().job(new Task(4)).enqueue();
		node.start();
		await().until(() -> ran.size() == 4);
		assertThat(ran).containsExactly(3, 2, 4, 1);
	}

	@Test
	void neverRunsMoreJobsOfAQueueThanItsConcurrency() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		Set<Integer> ran = ConcurrentHashMap.newKeySet();
		TestNode node = started(node().queue("default", 3).handle(Task.class, (task, attempt) -> {
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			Thread.yield();
			ran.add(task.number());
			running.decrementAndGet();
		}));
		node.client().enqueueAll(IntStream.range(0, 200).mapToObj(Task::new).toList());
		await().until(() -> jobs(node, JobState.SUCCEEDED).size() == 200);
		assertThat(ran).hasSize(200);
		assertThat(most.get()).isBetween(1, 3);
	}

	@Test
	void startsNothingOfAPausedQueueUntilItIsResumed() {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		TestNode node = started(node().queue("default", 1)
			.queue("other", 1)
			.handle(Task.class, (task, attempt) -> ran.add(task.number())));
		node.operations().pause("default", "maintenance");
		node.client().enqueue(new Task(1));
		node.client().job(new Task(2)).queue("other").enqueue();
		await().until(() -> ran.contains(2));
		assertThat(ran).doesNotContain(1);
		assertThat(node.operations().resume("default")).isTrue();
		await().until(() -> ran.contains(1));
		assertThat(ran).containsExactly(2, 1);
	}

	@Test
	void interruptsAnAttemptThatTakesTooLong() {
		CountDownLatch never = new CountDownLatch(1);
		TestNode node = started(node().handle(Task.class, (task, attempt) -> never.await(),
				new Traits().timeout(Duration.ofMillis(50))));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> node.operations().deadLetter(id).isPresent());
		assertThat(node.operations().failures(id)).hasSize(3)
			.allSatisfy((failure) -> assertThat(failure.failure().errorClass())
				.isEqualTo("io.jobstarter.JobTimeoutException"));
	}

	@Test
	void interruptsARunningJobThatSomebodyCancels() {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
			started.countDown();
			never.await();
		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> started.getCount() == 0);
		assertThat(node.operations().cancel(id)).isEqualTo(JobState.RUNNING);
		await().until(() -> state(node, id) == JobState.CANCELLED);
		assertThat(node.operations().failures(id)).isEmpty();
	}

	@Test
	void commitsATransactionalHandlerWithItsJobAndItsFollowUps() {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		TestNode[] self = new TestNode[1];
		TestNode node = notStarted(node().handle(Effect.class, (effect, attempt) -> {
			self[0].jdbc().update("insert into effect (number) values (?)", effect.number());
			self[0].client().enqueue(new Task(effect.number()));
			if (attempt.number() == 1) {
				throw new IllegalStateException("after the effect");
			}
		}, new Traits().transactional()).handle(Task.class, (task, attempt) -> ran.add(task.number())));
		self[0] = node;
		node.jdbc().execute("create table effect (number int)");
		node.start();
		JobId id = node.client().enqueue(new Effect(7)).id();
		await().until(() -> state(node, id) == JobState.SUCCEEDED && !ran.isEmpty());
		assertThat(node.jdbc().queryForList("select number from effect", Integer.class)).containsExactly(7);
		assertThat(ran).containsExactly(7);
		assertThat(node.operations().failures(id)).hasSize(1);
	}

	@Test
	void rollsATransactionalHandlerBackThatHasLostItsJob() {
		TestNode[] self = new TestNode[1];
		AtomicInteger runs = new AtomicInteger();
		TestNode node = notStarted(node().handle(Effect.class, (effect, attempt) -> {
			self[0].jdbc().update("insert into effect (number) values (?)", effect.number());
			if (runs.incrementAndGet() == 1) {
				stealFrom(self[0], attempt.id());
			}
		}, new Traits().transactional()));
		self[0] = node;
		node.jdbc().execute("create table effect (number int)");
		node.start();
		JobId id = node.client().enqueue(new Effect(7)).id();
		await().until(() -> !node.events(JobEvent.LeaseLost.class).isEmpty());
		assertThat(node.jdbc().queryForList("select number from effect", Integer.class)).isEmpty();
		assertThat(state(node, id)).isEqualTo(JobState.RUNNING);
	}

	@Test
	void writesNothingForAJobThatAnotherWorkerHasTaken() {
		TestNode[] self = new TestNode[1];
		TestNode node = notStarted(node().handle(Task.class, (task, attempt) -> stealFrom(self[0], attempt.id())));
		self[0] = node;
		node.start();
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> !node.events(JobEvent.LeaseLost.class).isEmpty());
		assertThat(node.events(JobEvent.Settled.class)).isEmpty();
		assertThat(state(node, id)).isEqualTo(JobState.RUNNING);
		assertThat(node.worker().health().usedSlots()).containsEntry("default", 0);
	}

	@Test
	void letsRunningJobsEndWhenTheNodeStops() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch mayEnd = new CountDownLatch(1);
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
			started.countDown();
			mayEnd.await();
		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		started.await();
		Thread stopping = new Thread(node::stop);
		stopping.start();
		await().until(() -> stoppingWorkers(node) == 1);
		JobId late = node.client().enqueue(new Task(2)).id();
		mayEnd.countDown();
		stopping.join();
		assertThat(state(node, id)).isEqualTo(JobState.SUCCEEDED);
		assertThat(state(node, late)).isEqualTo(JobState.READY);
		assertThat(node.operations().workers()).isEmpty();
	}

	@Test
	void givesBackWhatDoesNotEndInTimeWithoutUsingUpAnAttempt() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		TestNode node = started(node().shutdownTimeout(Duration.ofMillis(100)).handle(Task.class, (task, attempt) -> {
			started.countDown();
			never.await();
		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		started.await();
		node.stop();
		JobInfo job = node.operations().find(id).orElseThrow();
		assertThat(job.state()).isEqualTo(JobState.READY);
		assertThat(job.attempts()).isZero();
		assertThat(job.crashes()).isZero();
		assertThat(node.operations().failures(id)).isEmpty();
		assertThat(node.operations().workers()).isEmpty();
	}

	@Test
	void runsTheJobsOfADeadWorkerAgainWithOneMoreCrash() {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		TestNode node = notStarted(
				node().lease(SHORT_LEASE).handle(Task.class, (task, attempt) -> ran.add(task.number())));
		List<JobId> ids = node.client()
			.enqueueAll(List.of(new Task(1), new Task(2)))
			.stream()
			.map((enqueued) -> enqueued.id())
			.toList();
		claimAsWorkerThatDies(2);
		node.start();
		await().until(() -> jobs(node, JobState.SUCCEEDED).size() == 2);
		assertThat(ran).containsExactlyInAnyOrder(1, 2);
		await().until(() -> node.events(JobEvent.Recovered.class).size() == 2);
		assertThat(node.events(JobEvent.Recovered.class))
			.allSatisfy((event) -> assertThat(event.crashes()).isEqualTo(1));
		assertThat(node.operations().find(ids.get(0)).orElseThrow().crashes()).isEqualTo(1);
	}

	@Test
	void buriesAJobWhoseThirdWorkerDied() {
		TestNode node = notStarted(node().lease(SHORT_LEASE).handle(Task.class, (task, attempt) -> {
		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		node.jdbc().update("update background_job_job set crashes = 2");
		claimAsWorkerThatDies(1);
		node.start();
		await().until(() -> node.operations().deadLetter(id).isPresent());
		assertThat(node.operations().deadLetter(id).orElseThrow().reason()).isEqualTo(DeadReason.CRASH);
		assertThat(node.events(JobEvent.Started.class)).isEmpty();
	}

	@Test
	void runsAJobAloneWhoseWorkersDiedTwice() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger besideTheSuspect = new AtomicInteger(-1);
		CountDownLatch mayEnd = new CountDownLatch(1);
		Set<Integer> ran = ConcurrentHashMap.newKeySet();
		TestNode node = notStarted(node().handle(Task.class, (task, attempt) -> {
			running.incrementAndGet();
			if (task.number() == 0) {
				besideTheSuspect.set(running.get());
			}
			else {
				mayEnd.await(20, TimeUnit.MILLISECONDS);
			}
			ran.add(task.number());
			running.decrementAndGet();
		}));
		node.client().enqueueAll(IntStream.range(1, 4).mapToObj(Task::new).toList());
		JobId suspect = node.client().enqueue(new Task(0)).id();
		node.jdbc().update("update background_job_job set crashes = 2 where id = ?", suspect.value());
		node.client().enqueueAll(IntStream.range(4, 40).mapToObj(Task::new).toList());
		node.start();
		await().until(() -> jobs(node, JobState.SUCCEEDED).size() == 40);
		assertThat(ran).hasSize(40);
		assertThat(besideTheSuspect).hasValue(1);
	}

	@Test
	void goesOnUnderANewIdWhenItWasDeclaredDead() {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		AtomicInteger runs = new AtomicInteger();
		TestNode node = started(node().lease(SHORT_LEASE).handle(Task.class, (task, attempt) -> {
			if (runs.incrementAndGet() == 1) {
				started.countDown();
				never.await();
			}
		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> started.getCount() == 0);
		long before = node.worker().health().id();
		// Or recovery may come before the heartbeat that tells the node.
		node.jdbc().update("update background_job_pulse set last_beat = last_beat - interval '1' hour");
		node.jdbc().update("update background_job_worker set dead_at = current_timestamp where id = ?", before);
		await().until(() -> state(node, id) == JobState.SUCCEEDED);
		assertThat(node.worker().health().id()).isNotEqualTo(before);
		assertThat(runs).hasValue(2);
		assertThat(node.operations().find(id).orElseThrow().attempts()).isZero();
	}

	@Test
	void registersAgainWhenItsRowIsGone() {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		TestNode node = started(
				node().lease(SHORT_LEASE).handle(Task.class, (task, attempt) -> ran.add(task.number())));
		await().until(() -> node.worker().health().isUp());
		long id = node.worker().health().id();
		node.jdbc().update("delete from background_job_worker");
		await().until(() -> node.operations().workers().size() == 1);
		node.client().enqueue(new Task(1));
		await().until(() -> ran.contains(1));
		assertThat(node.operations().workers().get(0).id()).isEqualTo(id);
	}

	@Test
	void freesJobsWhoseWorkerNobodyKnows() {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		TestNode node = notStarted(
				node().lease(SHORT_LEASE).handle(Task.class, (task, attempt) -> ran.add(task.number())));
		node.client().enqueue(new Task(1));
		claimAsWorkerThatDies(1);
		node.jdbc().update("delete from background_job_worker");
		node.start();
		await().until(() -> ran.contains(1));
		await().until(() -> jobs(node, JobState.SUCCEEDED).size() == 1);
		assertThat(ran).containsExactly(1);
	}

	@Test
	void freesJobsThatNameItsOwnWorkerAndThatItDoesNotKnow() {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		TestNode node = notStarted(
				node().lease(SHORT_LEASE).handle(Task.class, (task, attempt) -> ran.add(task.number())));
		node.start();
		await().until(() -> node.worker().health().leased());
		long worker = node.worker().health().id();
		node.transactions().executeWithoutResult((status) -> {
			JobId lost = node.client().enqueue(new Task(1)).id();
			node.jdbc().update("""
					update background_job_job set worker = ?, claim = 99999, claimed_at = created_at where id = ?
					""", worker, lost.value());
		});
		await().until(() -> {
			node.worker().lookForForgotten();
			return ran.contains(1);
		});
		await().until(() -> jobs(node, JobState.SUCCEEDED).size() == 1);
		assertThat(node.worker().health().id()).isNotEqualTo(worker);
		assertThat(ran).containsExactly(1);
		assertThat(jobs(node, JobState.SUCCEEDED).get(0).crashes()).isZero();
	}

	@Test
	void buriesAnUnreadablePayloadAndLeavesAnUnknownNameAlone() {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		TestNode node = notStarted(node().handle(Task.class, (task, attempt) -> ran.add(task.number())));
		JobId unreadable = node.client().enqueue(new Task(1)).id();
		JobId unknown = node.client().enqueue(new Task(2)).id();
		node.client().enqueue(new Task(3));
		node.jdbc().update("update background_job_job set payload = '{\"number\": [' where id = ?", unreadable.value());
		node.jdbc().update("update background_job_job set name = 'of-the-next-release' where id = ?", unknown.value());
		node.start();
		await().until(() -> node.operations().deadLetter(unreadable).isPresent() && ran.contains(3));
		assertThat(node.operations().deadLetter(unreadable).orElseThrow().reason()).isEqualTo(DeadReason.UNREADABLE);
		assertThat(state(node, unknown)).isEqualTo(JobState.READY);
		assertThat(ran).containsExactly(3);
	}

	@Test
	void recordsWhateverAHandlerThrowsAndKeepsNoJobRunning() {
		List<Throwable> thrown = MonstrousErrors.all();
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
			throw MonstrousErrors.<RuntimeException>sneaky(thrown.get(task.number()));
		}));
		List<JobId> ids = IntStream.range(0, thrown.size())
			.mapToObj((number) -> node.client().enqueue(new Task(number)).id())
			.toList();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> ids.stream().allMatch((id) -> node.operations().deadLetter(id).isPresent()));
		for (int i = 0; i < ids.size(); i++) {
			assertThat(node.operations().deadLetter(ids.get(i)).orElseThrow().failure().errorClass())
				.isEqualTo(CleanText.storable(thrown.get(i).getClass().getName(), 1_000));
			assertThat(node.operations().failures(ids.get(i))).hasSize(3);
		}
		await().until(() -> node.worker().health().usedSlots().equals(Map.of("default", 0)));
	}

	@Test
	void aRuleGivesUpAfterItsTimeWhicheverNodeSawItsFirstFailure() {
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
			throw new IllegalStateException("number " + attempt.number());
		}, new TestNode.Traits().retryOnOf(ForAnHour.class)));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> node.operations().failures(id).size() == 1);
		String counts = node.jdbc().queryForObject("select rule_counts from background_job_job", String.class);
		Instant since = Instant.ofEpochMilli(Long.parseLong(counts.substring(counts.indexOf("@=") + 2)));
		node.operations().retry(id);
		await().until(() -> node.operations().failures(id).size() == 2);
		assertThat(node.jdbc().queryForObject("select rule_counts from background_job_job", String.class))
			.endsWith("@=" + since.toEpochMilli());
		node.jdbc()
			.update("update background_job_job set rule_counts = ?", counts.replace("@=" + since.toEpochMilli(),
					"@=" + since.minus(Duration.ofHours(2)).toEpochMilli()));
		node.operations().retry(id);
		await().until(() -> node.operations().deadLetter(id).isPresent());
		assertThat(node.operations().deadLetter(id).orElseThrow().attempts()).isEqualTo(3);
	}

	@RetryOn(value = IllegalStateException.class, delay = "30m", maxAttempts = 99, giveUpAfter = "1h")
	private static final class ForAnHour {

	}

	@Test
	void twoNodesRunEveryJobOnce() {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		TestNode one = started(
				node().queue("default", 8).handle(Task.class, (task, attempt) -> ran.add(task.number())));
		TestNode two = started(
				node().queue("default", 8).handle(Task.class, (task, attempt) -> ran.add(task.number())));
		one.client().enqueueAll(IntStream.range(0, 1_000).mapToObj(Task::new));
		await().atMost(Duration.ofSeconds(40))
			.until(() -> one.events(JobEvent.Settled.class).size()
					+ two.events(JobEvent.Settled.class).size() >= 1_000);
		assertThat(ran).hasSize(1_000).doesNotHaveDuplicates();
		assertThat(one.events(JobEvent.LeaseLost.class)).isEmpty();
		assertThat(two.events(JobEvent.LeaseLost.class)).isEmpty();
	}

	@Test
	void tellsHowAnAttemptEnded() {
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> node.events(JobEvent.Settled.class).size() == 1);
		JobEvent.Settled settled = node.events(JobEvent.Settled.class).get(0);
		assertThat(settled.id()).isEqualTo(id);
		assertThat(settled.outcome()).isEqualTo(new JobOutcome.Succeeded());
		assertThat(node.events(JobEvent.Started.class)).hasSize(1);
	}

	@Test
	void tellsOfADeadLetterOnceItIsThere() {
		TestNode node = started(node().handle(Task.class, (task, attempt) -> {
			throw new IllegalStateException("broken");
		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> !node.events(JobEvent.DeadLettered.class).isEmpty());
		DeadLetter letter = node.operations().deadLetter(id).orElseThrow();
		assertThat(node.events(JobEvent.DeadLettered.class)).containsExactly(new JobEvent.DeadLettered(id, "task",
				"default", DeadReason.EXHAUSTED, letter.fingerprint(), letter.failure()));
		assertThat(letter.callback()).isNull();
	}

	@Test
	void tellsAHandlerOfItsDeadLetterInTheContextOfTheJob() {
		List<String> heard = new CopyOnWriteArrayList<>();
		TestNode node = started(node().context(new Tenants.Propagator()).handle(Task.class, new JobHandler<>() {

			@Override
			public void handle(Task task, JobAttempt attempt) {
				throw new IllegalStateException("broken");
			}

			@Override
			public void onDead(Task task, DeadLetter letter) {
				heard.add(task + " of " + Tenants.current() + ": " + letter.failure().message());
			}

		}));
		List<JobId> ids = new ArrayList<>();
		Tenants.as("blue", () -> ids.add(node.client().enqueue(new Task(1)).id()));
		JobId id = ids.get(0);
		await().until(() -> callback(node, id) == DeadLetterCallback.State.DONE);
		assertThat(heard).containsExactly("Task[number=1] of blue: broken");
	}

	@Test
	void callsAHandlerAgainThatFailsOnItsDeadLetterAndGivesUpAtLast() {
		AtomicInteger calls = new AtomicInteger();
		TestNode node = started(node().handle(Task.class, new JobHandler<>() {

			@Override
			public void handle(Task task, JobAttempt attempt) {
				throw new IllegalStateException("broken");
			}

			@Override
			public void onDead(Task task, DeadLetter letter) {
				throw MonstrousErrors.<RuntimeException>sneaky((calls.incrementAndGet() < 5)
						? MonstrousErrors.unreadable() : new StackOverflowError("while\u0000 cleaning\uD800 up"));
			}

		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> {
			node.jdbc()
				.update("update background_job_dead_letter set callback_due = died_at "
						+ "where callback_error is not null and callback_due is not null");
			node.wakeCallbacks();
			return callback(node, id) == DeadLetterCallback.State.FAILED;
		});
		assertThat(calls).hasValue(5);
		DeadLetter letter = node.operations().deadLetter(id).orElseThrow();
		assertThat(letter.isOpen()).isTrue();
		assertThat(letter.callback().tries()).isEqualTo(5);
		assertThat(letter.callback().error()).isEqualTo("java.lang.StackOverflowError: while\uFFFD cleaning\uFFFD up");
	}

	@Test
	void losesNoTryToAThreadThatCannotBeStarted() {
		AtomicInteger starts = new AtomicInteger();
		TestNode node = started(node().callbackThreads((threads) -> (call) -> {
			if (starts.incrementAndGet() <= 2) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			threads.execute(call);
		}).handle(Task.class, new JobHandler<>() {

			@Override
			public void handle(Task task, JobAttempt attempt) {
				throw new IllegalStateException("broken");
			}

			@Override
			public void onDead(Task task, DeadLetter letter) {
			}

		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> callback(node, id) == DeadLetterCallback.State.DONE);
		assertThat(node.operations().deadLetter(id).map(DeadLetter::callback).orElseThrow().tries()).isEqualTo(1);
	}

	@Test
	void tellsAHandlerOfAJobWhoseThirdWorkerDied() {
		List<DeadReason> heard = new CopyOnWriteArrayList<>();
		TestNode node = notStarted(node().lease(SHORT_LEASE).handle(Task.class, new JobHandler<>() {

			@Override
			public void handle(Task task, JobAttempt attempt) {
			}

			@Override
			public void onDead(Task task, DeadLetter letter) {
				heard.add(letter.reason());
			}

		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		node.jdbc().update("update background_job_job set crashes = 2");
		claimAsWorkerThatDies(1);
		node.start();
		await().until(() -> callback(node, id) == DeadLetterCallback.State.DONE);
		assertThat(heard).containsExactly(DeadReason.CRASH);
		assertThat(node.events(JobEvent.DeadLettered.class)).extracting(JobEvent.DeadLettered::fingerprint)
			.containsExactly("crash");
	}

	@Test
	void tellsAHandlerOfADiscardAfterItsTransactionWasRolledBack() {
		List<String> heard = new CopyOnWriteArrayList<>();
		TestNode node = started(node().handle(Task.class, new JobHandler<>() {

			@Override
			public void handle(Task task, JobAttempt attempt) {
				throw JobDiscard.because("the user is gone");
			}

			@Override
			public void onDiscard(Task task, JobAttempt attempt, JobOutcome.Discarded outcome) {
				heard.add(task.number() + " " + attempt.number() + " " + outcome.reason() + " "
						+ TransactionSynchronizationManager.isActualTransactionActive());
				throw new IllegalStateException("while cleaning up");
			}

		}, new Traits().transactional()));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> state(node, id) == JobState.DISCARDED);
		assertThat(heard).containsExactly("1 1 the user is gone false");
	}

	@Test
	void tellsAHandlerOfAnOrdinaryDiscard() {
		List<String> heard = new CopyOnWriteArrayList<>();
		TestNode node = started(node().handle(Task.class, new JobHandler<>() {

			@Override
			public void handle(Task task, JobAttempt attempt) {
				throw JobDiscard.because("no need");
			}

			@Override
			public void onDiscard(Task task, JobAttempt attempt, JobOutcome.Discarded outcome) {
				heard.add(outcome.reason());
				throw MonstrousErrors.unreadable();
			}

		}));
		JobId id = node.client().enqueue(new Task(1)).id();
		await().until(() -> state(node, id) == JobState.DISCARDED);
		assertThat(heard).containsExactly("no need");
	}

	private static DeadLetterCallback.@Nullable State callback(TestNode node, JobId id) {
		return node.operations().deadLetter(id).map(DeadLetter::callback).map(DeadLetterCallback::state).orElse(null);
	}

	private void claimAsWorkerThatDies(int jobs) {
		long worker = 42;
		this.database.stores().workerStore().register(new WorkerRow(worker, "gone", 1), Duration.ofMillis(1));
		Lane lane = new Lane("default", 0, false);
		List<ClaimedJob> claimed = this.database.stores()
			.claimStore()
			.claim(new ClaimRequest(worker, 1, Set.of("task"),
					List.of(new QueueDemand("default", jobs, List.of(new LaneStart(lane, 0)))), jobs));
		assertThat(claimed).hasSize(jobs);
	}

	// As if recovery had given the job to a worker that lives on.
	private void stealFrom(TestNode node, JobId id) {
		long thief = 4711;
		this.database.stores().workerStore().register(new WorkerRow(thief, "thief", 1), Duration.ofMinutes(5));
		// In another thread, since this one may be in the middle of a transaction.
		CompletableFuture
			.runAsync(() -> node.jdbc()
				.update("update background_job_job set worker = ?, claim = 1 where id = ?", thief, id.value()))
			.join();
	}

	private static long stoppingWorkers(TestNode node) {
		return node.operations().workers().stream().filter((worker) -> worker.stopping()).count();
	}

	private static JobState state(TestNode node, JobId id) {
		return node.operations().find(id).map(JobInfo::state).orElseThrow();
	}

	private static List<JobInfo> jobs(TestNode node, JobState state) {
		return node.operations().find(JobFilter.in(state), null, 200).items();
	}

}
