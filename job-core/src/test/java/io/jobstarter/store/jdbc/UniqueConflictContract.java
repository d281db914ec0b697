package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.DuplicateJobException;
import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.JobMoment;
import io.jobstarter.JobOutcome;
import io.jobstarter.LimitKey;
import io.jobstarter.RedriveCanary;
import io.jobstarter.RedriveInfo;
import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import io.jobstarter.Uniqueness;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.store.RedriveStore;
import io.jobstarter.store.RedriveStore.NewRedrive;
import io.jobstarter.store.RedrivenLetter;
import io.jobstarter.why.JobTimeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

/**
 * What becomes of an enqueue whose unique key is held, and of keys that expire.
 */
interface UniqueConflictContract {

	Duration AN_HOUR = Duration.ofHours(1);

	Uniqueness KEYED = Uniqueness.of("key");

	Uniqueness REPLACING = KEYED.onConflict(UniqueConflict.REPLACE);

	Uniqueness RESCHEDULING = KEYED.onConflict(UniqueConflict.RESCHEDULE);

	Uniqueness FAILING = KEYED.onConflict(UniqueConflict.FAIL);

	Uniqueness EXPIRING = KEYED.untilExpired(AN_HOUR);

	StoreFixture fixture();

	private static NewJob unique(String payload, DueTime due, Uniqueness uniqueness) {
		return new NewJob("mail", "default", 0, due, payload, Map.of("from", payload), List.of("tag"), null)
			.unique(uniqueness, !due.equals(DueTime.NOW));
	}

	private static NewJob unique(String payload, Uniqueness uniqueness) {
		return unique(payload, DueTime.NOW, uniqueness);
	}

	private Enqueued insertOne(NewJob job) {
		return fixture().insert(job).get(0);
	}

	private Duration dueIn(JobId id) {
		return fixture().sql("select due_at, clock_timestamp() as now from background_job_job where id = :id")
			.param("id", id.value())
			.query((row, number) -> Duration.between(Values.instant(row, "now"), Values.instant(row, "due_at")))
			.single();
	}

	private static void assertThatIsAbout(Duration actual, Duration expected) {
		assertThat(Instant.EPOCH.plus(actual)).isCloseTo(Instant.EPOCH.plus(expected), within(1, ChronoUnit.MINUTES));
	}

	private ClaimedJob claimOnly() {
		List<ClaimedJob> claimed = fixture().claim(10);
		assertThat(claimed).hasSize(1);
		return claimed.get(0);
	}

	@Test
	default void aReplacedJobRunsWithTheLastPayloadAndKeepsItsId() {
		Enqueued first = insertOne(unique("1", REPLACING));
		Enqueued second = insertOne(unique("2", REPLACING));
		assertThat(second).isEqualTo(new Enqueued(first.id(), true));
		ClaimedJob claimed = claimOnly();
		assertThat(claimed.id()).isEqualTo(first.id().value());
		assertThat(claimed.payload()).isEqualTo("2");
		assertThat(claimed.headers()).containsEntry("from", "2");
	}

	@Test
	default void aReplacedJobIsDueWhenTheLastEnqueueSays() {
		JobId id = insertOne(unique("1", new DueTime.In(AN_HOUR), REPLACING)).id();
		insertOne(unique("2", new DueTime.In(AN_HOUR.multipliedBy(3)), REPLACING));
		assertThatIsAbout(dueIn(id), AN_HOUR.multipliedBy(3));
		insertOne(unique("3", REPLACING));
		assertThat(claimOnly().payload()).isEqualTo("3");
	}

	@Test
	default void aRescheduledJobKeepsItsPayload() {
		JobId id = insertOne(unique("1", RESCHEDULING)).id();
		insertOne(unique("2", new DueTime.In(AN_HOUR), RESCHEDULING));
		assertThatIsAbout(dueIn(id), AN_HOUR);
		assertThat(fixture().claim(10)).isEmpty();
		insertOne(unique("3", DueTime.NOW, RESCHEDULING));
		assertThat(claimOnly().payload()).isEqualTo("1");
	}

	@Test
	default void eachEnqueuePutsAJobOffButNotForEver() {
		Uniqueness debounced = RESCHEDULING.within(AN_HOUR, Duration.ofMinutes(90));
		JobId id = insertOne(unique("1", debounced)).id();
		assertThatIsAbout(dueIn(id), AN_HOUR);
		fixture().sql("update background_job_job set created_at = created_at - interval '20' minute").update();
		insertOne(unique("2", debounced));
		assertThatIsAbout(dueIn(id), AN_HOUR);
		fixture().sql("update background_job_job set created_at = created_at - interval '40' minute").update();
		insertOne(unique("3", debounced));
		assertThatIsAbout(dueIn(id), Duration.ofMinutes(30));
		fixture().sql("update background_job_job set created_at = created_at - interval '40' minute").update();
		insertOne(unique("4", debounced));
		assertThat(claimOnly().id()).isEqualTo(id.value());
	}

	@Test
	default void aThrottledJobRunsOnceForAllThatJoinIt() {
		Uniqueness throttled = KEYED.within(AN_HOUR);
		JobId id = insertOne(unique("1", throttled)).id();
		fixture().sql("update background_job_job set due_at = due_at - interval '20' minute").update();
		assertThat(insertOne(unique("2", throttled))).isEqualTo(new Enqueued(id, true));
		assertThatIsAbout(dueIn(id), Duration.ofMinutes(40));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.INCLUDE, names = { "REPLACE", "RESCHEDULE" })
	default void aRunningJobIsLeftAloneAndANewOneTakesItsKeyOver(UniqueConflict conflict) {
		Uniqueness untilTheEnd = KEYED.until(UniqueUntil.FINISHED).onConflict(conflict);
		insertOne(unique("1", untilTheEnd));
		ClaimedJob running = claimOnly();
		Enqueued second = insertOne(unique("2", untilTheEnd));
		assertThat(second.duplicate()).isFalse();
		assertThat(insertOne(unique("3", untilTheEnd))).isEqualTo(new Enqueued(second.id(), true));
		assertThat(fixture().row(running.id()).get("payload")).asString().isEqualTo("1");
		fixture().settle(running, new JobOutcome.Succeeded());
		assertThat(insertOne(unique("4", untilTheEnd))).isEqualTo(new Enqueued(second.id(), true));
		assertThat(claimOnly().payload()).isEqualTo((conflict == UniqueConflict.REPLACE) ? "4" : "2");
	}

	@Test
	default void aRetryIsReplacedButNotBroughtForward() {
		Uniqueness untilTheEnd = REPLACING.until(UniqueUntil.FINISHED);
		JobId id = insertOne(unique("1", untilTheEnd)).id();
		fixture().settle(claimOnly(), new JobOutcome.Retried(StoreFixture.FAILURE, AN_HOUR, null));
		assertThat(insertOne(unique("2", untilTheEnd))).isEqualTo(new Enqueued(id, true));
		assertThatIsAbout(dueIn(id), AN_HOUR);
		assertThat(fixture().row(id.value()).get("payload")).asString().isEqualTo("2");
	}

	@Test
	default void ofSeveralInOneCallTheLastReplaces() {
		List<Enqueued> enqueued = fixture().insert(unique("1", REPLACING), unique("2", REPLACING), job("report"),
				unique("3", REPLACING));
		assertThat(enqueued).extracting(Enqueued::duplicate).containsExactly(false, true, false, true);
		assertThat(fixture().row(enqueued.get(0).id().value()).get("payload")).asString().isEqualTo("3");
		assertThatExceptionOfType(DuplicateJobException.class)
			.isThrownBy(() -> fixture().insert(unique("1", FAILING), unique("2", FAILING)))
			.satisfies((ex) -> assertThat(ex.holder()).isNull());
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.INCLUDE, names = { "STARTED", "EXPIRED" })
	default void aRefusedEnqueueLeavesNothingAndTheTransactionGoesOn(UniqueUntil until) {
		Uniqueness failing = (until == UniqueUntil.EXPIRED) ? FAILING.untilExpired(AN_HOUR) : FAILING;
		JobId holder = insertOne(unique("1", failing)).id();
		fixture().transaction.executeWithoutResult((status) -> {
			fixture().enqueue(job("report"));
			assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(
					() -> fixture().insert(unique("9", KEYED.onConflict(UniqueConflict.FAIL)), unique("2", failing)))
				.satisfies((ex) -> assertThat(ex.holder()).isIn(holder, null));
			assertThatExceptionOfType(DuplicateJobException.class)
				.isThrownBy(() -> fixture().insert(other("8"), unique("2", failing)))
				.satisfies((ex) -> assertThat(ex.holder()).isEqualTo(holder));
			fixture().enqueue(job("other"));
		});
		assertThat(fixture().sql("select name from background_job_job").query(String.class).list())
			.containsExactlyInAnyOrder("mail", "report", "other");
		assertThat(insertOne(other("8")).duplicate()).isFalse();
	}

	private static NewJob other(String payload) {
		return unique(payload, Uniqueness.of("another").onConflict(UniqueConflict.FAIL));
	}

	@Test
	default void aKeyUntilItExpiresOutlivesItsJob() {
		JobId id = insertOne(unique("1", EXPIRING)).id();
		assertThat(insertOne(unique("2", EXPIRING))).isEqualTo(new Enqueued(id, true));
		fixture().settle(claimOnly(), new JobOutcome.Succeeded());
		assertThat(insertOne(unique("3", EXPIRING))).isEqualTo(new Enqueued(id, true));
		expire();
		Enqueued next = insertOne(unique("4", EXPIRING));
		assertThat(next.duplicate()).isFalse();
		assertThat(insertOne(unique("5", EXPIRING))).isEqualTo(new Enqueued(next.id(), true));
		assertThat(fixture().count("expiring_key")).isOne();
	}

	private void expire() {
		fixture().sql("update background_job_expiring_key set expires_at = clock_timestamp() - interval '1' second")
			.update();
	}

	@Test
	default void aKeyThatExpiresIsFreeOnceItsJobIsCancelledDiscardedOrDead() {
		JobId cancelled = insertOne(unique("1", EXPIRING)).id();
		fixture().stores.operationsStore().end(cancelled, WaitingJobEnd.CANCELLED, null);
		assertThat(insertOne(unique("2", EXPIRING)).duplicate()).isFalse();
		fixture().settle(claimOnly(), new JobOutcome.Discarded("no such user", null));
		assertThat(insertOne(unique("3", EXPIRING)).duplicate()).isFalse();
		die(claimOnly());
		assertThat(insertOne(unique("4", EXPIRING)).duplicate()).isFalse();
	}

	private long die(ClaimedJob job) {
		fixture().settle(job, new JobOutcome.Dead(DeadReason.EXHAUSTED, StoreFixture.FAILURE));
		return job.id();
	}

	@Test
	default void whoeverHoldsAKeyThatExpiresIsReplacedIfItWaits() {
		Uniqueness expiring = REPLACING.untilExpired(AN_HOUR);
		JobId id = insertOne(unique("1", expiring)).id();
		assertThat(insertOne(unique("2", expiring))).isEqualTo(new Enqueued(id, true));
		ClaimedJob running = claimOnly();
		assertThat(running.payload()).isEqualTo("2");
		assertThat(insertOne(unique("3", expiring))).isEqualTo(new Enqueued(id, true));
		assertThat(fixture().row(id.value()).get("payload")).asString().isEqualTo("2");
	}

	@Test
	default void theLifeOfAJobTellsWhetherItHoldsItsKey() {
		JobTimeline timeline = new JobTimeline(fixture().stores.operationsStore());
		for (Uniqueness uniqueness : List.of(KEYED, KEYED.until(UniqueUntil.FINISHED), EXPIRING)) {
			fixture().clear();
			JobId id = insertOne(unique("1", uniqueness)).id();
			insertOne(unique("2", uniqueness));
			JobMoment enqueued = timeline.of(id).get(0);
			assertThat(enqueued.text()).startsWith("Enqueued in queue default; holds its unique key until it ");
			assertThat(enqueued.details()).containsEntry("uniqueUntil", uniqueness.until().name())
				.containsKey("duplicates");
			claimOnly();
			assertThat(timeline.of(id).get(0).text().endsWith("; its unique key is free again"))
				.isEqualTo(uniqueness.until() == UniqueUntil.STARTED);
		}
	}

	@Test
	default void keysThatHaveExpiredAreTidiedAwayInBatches() {
		for (int i = 0; i < 3; i++) {
			insertOne(unique("1", Uniqueness.of("key " + i).untilExpired(AN_HOUR)));
		}
		assertThat(fixture().stores.maintenanceStore().deleteExpiredKeys(10)).isZero();
		expire();
		insertOne(unique("1", Uniqueness.of("key 0").untilExpired(AN_HOUR)));
		assertThat(fixture().stores.maintenanceStore().deleteExpiredKeys(1)).isOne();
		assertThat(fixture().stores.maintenanceStore().deleteExpiredKeys(10)).isOne();
		assertThat(fixture().count("expiring_key")).isOne();
	}

	@ParameterizedTest
	@EnumSource(UniqueUntil.class)
	default void jobsOfAnOrderHaveIdsInTheOrderOfTheCall(UniqueUntil until) {
		List<NewJob> jobs = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			Uniqueness uniqueness = Uniqueness.of("event " + i);
			NewJob job = (i % 5 == 0) ? job("mail") : unique(String.valueOf(i),
					(until == UniqueUntil.EXPIRED) ? uniqueness.untilExpired(AN_HOUR) : uniqueness.until(until));
			jobs.add(job.withKeys(List.of(LimitKey.of(LimitKey.Kind.ORDER, "account", "7"))));
		}
		List<Enqueued> enqueued = fixture().insert(jobs.toArray(NewJob[]::new));
		assertThat(enqueued).extracting((one) -> one.id().value()).isSorted().doesNotHaveDuplicates();
		assertThat(fixture().sql("select id from background_job_job order by id").query(Long.class).list())
			.isEqualTo(enqueued.stream().map((one) -> one.id().value()).toList());
		assertThat(fixture().row(enqueued.get(7).id().value()).get("payload")).asString().isEqualTo("7");
	}

	@Test
	default void aKeyThatExpiresNamesTheJobThatTookItAlsoWhereIdsWereReserved() {
		List<Long> ids = fixture().stores.enqueueStore().reserveIds(8);
		List<NewJob> jobs = new ArrayList<>();
		for (int i = 0; i < ids.size(); i++) {
			jobs.add(unique("1", Uniqueness.of("event " + i).untilExpired(AN_HOUR)).withId(ids.get(i)));
		}
		fixture().insert(jobs.toArray(NewJob[]::new));
		for (int i = 0; i < ids.size(); i++) {
			assertThat(insertOne(unique("2", Uniqueness.of("event " + i).untilExpired(AN_HOUR))))
				.isEqualTo(new Enqueued(new JobId(ids.get(i)), true));
		}
	}

	// Nobody commits or rolls back before all are at it.
	@ParameterizedTest
	@EnumSource(UniqueConflict.class)
	default void aRaceEndsWithOneJobAndNobodyIsToldOfOneThatNeverWas(UniqueConflict conflict) {
		for (Uniqueness uniqueness : List.of(KEYED.onConflict(conflict), EXPIRING.onConflict(conflict))) {
			fixture().clear();
			int threads = 12;
			AtomicInteger number = new AtomicInteger();
			CountDownLatch atWork = new CountDownLatch(threads);
			List<Long> told = Threads.together(threads,
					() -> race(uniqueness, number.getAndIncrement() % 2 == 0, atWork));
			List<Long> ids = fixture().sql("select id from background_job_job").query(Long.class).list();
			assertThat(ids).hasSize(1);
			assertThat(told.stream().filter(Objects::nonNull)).hasSize(threads / 2).containsOnly(ids.get(0));
		}
	}

	// Counted before the transaction begins: a pooler may let fewer begin than there are.
	private Long race(Uniqueness uniqueness, boolean rollBack, CountDownLatch atWork) {
		atWork.countDown();
		return fixture().transaction.execute((status) -> {
			if (rollBack) {
				status.setRollbackOnly();
			}
			Long told;
			try {
				told = insertOne(unique("1", uniqueness)).id().value();
			}
			catch (DuplicateJobException ex) {
				told = Objects.requireNonNull(ex.holder()).value();
			}
			await(atWork);
			return rollBack ? null : told;
		});
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@ParameterizedTest
	@EnumSource(UniqueUntil.class)
	default void aRedriveAsksForTheKeyAgain(UniqueUntil until) {
		Uniqueness uniqueness = (until == UniqueUntil.EXPIRED) ? EXPIRING : KEYED.until(until);
		List<JobId> letters = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			insertOne(unique("letter " + i, uniqueness));
			letters.add(new JobId(die(claimOnly())));
		}
		Audit audit = new Audit("ada", "cured");
		List<RedrivenLetter> redriven = fixture().stores.operationsStore().redrives().redrive(letters, audit);
		assertThat(redriven).extracting(RedrivenLetter::joined).containsExactly(false, true);
		assertThat(redriven).extracting(RedrivenLetter::job).containsOnly(redriven.get(0).job());
		assertThat(insertOne(unique("3", uniqueness))).isEqualTo(new Enqueued(redriven.get(0).job(), true));
		DeadLetter joined = fixture().stores.operationsStore().deadLetter(letters.get(1)).orElseThrow();
		assertThat(joined.retriedAs()).isEqualTo(redriven.get(0).job());
		assertThat(Objects.requireNonNull(joined.resolution()).why())
			.isEqualTo("another job holds its unique key and takes its place; cured");
		ClaimedJob again = claimOnly();
		assertThat(again.payload()).isEqualTo("letter 0");
		assertThat(again.tags()).containsExactly("tag");
	}

	@Test
	default void aRedriveByFilterCountsLettersAndJudgesJobs() {
		for (int i = 0; i < 3; i++) {
			insertOne(unique("letter " + i, KEYED));
			die(claimOnly());
		}
		RedriveStore redrives = fixture().stores.operationsStore().redrives();
		DeadLetterFilter all = DeadLetterFilter.OPEN;
		long id = redrives.create(new NewRedrive(all, redrives.count(all), Duration.of(1, ChronoUnit.MICROS),
				new RedriveCanary(10, 10), Audit.NONE));
		fixture().stores.redriveSteps().step(id);
		RedriveInfo.Progress progress = redrives.find(id).orElseThrow().progress();
		assertThat(List.of(progress.redriven(), (long) progress.canarySent())).containsExactly(3L, 1L);
		assertThat(fixture().count("job")).isOne();
	}

}
