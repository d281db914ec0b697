package io.jobstarter.store.jdbc;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.RedriveCanary;
import io.jobstarter.RedriveInfo;
import io.jobstarter.RedriveState;
import io.jobstarter.fixture.DeadLetters;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.RedriveSteps.Step;
import io.jobstarter.store.RedriveSteps.UnderWay;
import io.jobstarter.store.RedriveStore;
import io.jobstarter.store.RedriveStore.NewRedrive;
import io.jobstarter.store.RedrivenLetter;
import io.jobstarter.store.Settlement;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Redriving: each letter becomes one job, whoever redrives it and whatever happens
 * meanwhile.
 */
interface RedriveContract {

	Duration FAST = Duration.ofNanos(100_000);

	Audit ALICE = new Audit("alice", "the disk is back");

	String BROKEN_DISK = "java.io.IOException";

	DeadLetterFilter OF_DISK = DeadLetterFilter.OPEN.withErrorClass(BROKEN_DISK);

	StoreFixture fixture();

	private RedriveStore redrives() {
		return fixture().stores.operationsStore().redrives();
	}

	private List<JobId> letters(int count, String errorClass) {
		return DeadLetters.add(fixture()::sql, count, "mail", errorClass);
	}

	private long start(DeadLetterFilter filter, Duration pause, RedriveCanary canary) {
		return redrives().create(new NewRedrive(filter, redrives().count(filter), pause, canary, ALICE));
	}

	/**
	 * Does a step as if a second had passed since the last.
	 * @param id the redrive
	 * @return what was done
	 */
	private Step step(long id) {
		letASecondPass(id);
		return fixture().stores.redriveSteps().step(id).orElseThrow();
	}

	private void letASecondPass(long id) {
		RedriveClock.back(fixture(), id, Duration.ofSeconds(1));
	}

	private void stepToTheEnd(long id) {
		RedriveState state = RedriveState.RUNNING;
		while (state.isUnderWay()) {
			state = step(id).state();
		}
	}

	private RedriveInfo redrive(long id) {
		return redrives().find(id).orElseThrow();
	}

	private List<ClaimedJob> settleAll(int limit, boolean history, JobOutcome outcome) {
		List<ClaimedJob> claimed = fixture().claim(limit);
		fixture().settle(history, claimed.stream().map((job) -> new Settlement(job, outcome, null)).toList());
		return claimed;
	}

	private DeadLetter letter(JobId id) {
		return fixture().stores.operationsStore().deadLetter(id).orElseThrow();
	}

	private List<Long> waiting() {
		return fixture().sql("select id from background_job_job order by id").query(Long.class).list();
	}

	private void assertThatEachBecameOneJob(Collection<JobId> letters) {
		assertThat(waiting()).hasSize(letters.size());
		assertThat(fixture()
			.sql("select retried_as from background_job_dead_letter where retried_as is not null order by retried_as")
			.query(Long.class)
			.list()).isEqualTo(waiting());
		assertThat(fixture().sql("select count(*) from background_job_dead_letter where retried_at is not null")
			.query(Long.class)
			.single()).isEqualTo(letters.size());
	}

	@Test
	default void selectedLettersAreRedrivenInTheOrderOfTheirIds() {
		List<JobId> ids = letters(3, BROKEN_DISK);
		List<RedrivenLetter> redriven = redrives().redrive(List.of(ids.get(2), new JobId(987_654_321), ids.get(0)),
				ALICE);
		assertThat(redriven).extracting(RedrivenLetter::letter).containsExactly(ids.get(0), ids.get(2));
		assertThat(fixture().claim(10)).extracting((job) -> new JobId(job.id()))
			.containsExactlyInAnyOrderElementsOf(redriven.stream().map(RedrivenLetter::job).toList());
		assertThat(letter(ids.get(0)).retriedAs()).isEqualTo(redriven.get(0).job());
		assertThat(letter(ids.get(1)).isOpen()).isTrue();
		assertThat(redrives().redrive(ids, ALICE)).extracting(RedrivenLetter::letter).containsExactly(ids.get(1));
		assertThat(redrives().redrive(ids, ALICE)).isEmpty();
		assertThat(redrives().redrive(List.of(), ALICE)).isEmpty();
	}

	@Test
	default void aRedrivenJobIsLikeTheOneThatDiedAndNamesIt() {
		JobId id = letters(1, BROKEN_DISK).get(0);
		JobId again = redrives().redrive(List.of(id), ALICE).get(0).job();
		JobInfo job = fixture().stores.operationsStore().find(again).orElseThrow();
		assertThat(job.payload()).isEqualTo("{\"number\":0}");
		assertThat(job.headers()).containsEntry("k", "v");
		assertThat(job.tags()).containsExactly("tag", "n0");
		assertThat(job.priority()).isEqualTo(3);
		assertThat(job.redriveOf()).isEqualTo(id);
		ClaimedJob claimed = fixture().claimOne();
		assertThat(claimed.headers()).isEqualTo(job.headers());
		fixture().settle(claimed, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		assertThat(letter(again).redriveOf()).isEqualTo(id);
		JobId third = redrives().redrive(List.of(again), ALICE).get(0).job();
		assertThat(fixture().stores.operationsStore().find(third).orElseThrow().redriveOf()).isEqualTo(again);
	}

	@Test
	default void aLetterKeepsItsPayloadBesideTheCorrectedOne() {
		JobId id = letters(1, BROKEN_DISK).get(0);
		String corrected = "{\"number\":\"grüße \uD83D\uDE00 '\\\"\"}";
		JobId job = redrives().redriveCorrected(id, corrected, ALICE).orElseThrow().job();
		assertThat(fixture().claimOne().payload()).isEqualTo(corrected);
		assertThat(letter(id).payload()).isEqualTo("{\"number\":0}");
		assertThat(letter(id).retriedAs()).isEqualTo(job);
		assertThat(letter(id).resolution()).satisfies((resolution) -> {
			assertThat(resolution.correctedPayload()).isEqualTo(corrected);
			assertThat(resolution.by()).isEqualTo("alice");
			assertThat(resolution.why()).isEqualTo("the disk is back");
		});
		assertThat(redrives().redriveCorrected(id, corrected, ALICE)).isEmpty();
	}

	@Test
	default void whatTwoPeopleRedriveAtTheSameTimeBecomesOneJob() {
		List<JobId> ids = letters(40, BROKEN_DISK);
		List<List<RedrivenLetter>> redriven = Threads.together(4, () -> {
			List<RedrivenLetter> mine = new ArrayList<>();
			for (JobId id : ids) {
				mine.addAll(redrives().redrive(List.of(id), ALICE));
			}
			return mine;
		});
		assertThat(redriven.stream().flatMap(List::stream).map(RedrivenLetter::letter))
			.containsExactlyInAnyOrderElementsOf(ids);
		assertThatEachBecameOneJob(ids);
	}

	@Test
	default void aRedriveRollsBackWithTheCallersTransaction() {
		List<JobId> ids = letters(2, BROKEN_DISK);
		fixture().transaction.executeWithoutResult((status) -> {
			redrives().redrive(ids, ALICE);
			start(OF_DISK, FAST, RedriveCanary.NONE);
			status.setRollbackOnly();
		});
		assertThat(waiting()).isEmpty();
		assertThat(redrives().list(null, 10)).isEmpty();
		assertThat(redrives().count(OF_DISK).count()).isEqualTo(2);
	}

	@Test
	default void aFilterMeansWhatItSays() {
		List<JobId> ids = letters(20, BROKEN_DISK);
		letters(5, "java.lang.IllegalStateException");
		redrives().redrive(ids.subList(0, 1), ALICE);
		fixture().stores.operationsStore().discardDeadLetter(ids.get(1), ALICE);
		assertThat(count(DeadLetterFilter.ALL)).isEqualTo(23);
		assertThat(count(OF_DISK)).isEqualTo(18);
		assertThat(count(OF_DISK.withName("mail").withQueue("default").withReason(DeadReason.EXHAUSTED))).isEqualTo(18);
		assertThat(count(OF_DISK.withName("report"))).isZero();
		assertThat(count(OF_DISK.withQueue("other"))).isZero();
		assertThat(count(OF_DISK.withReason(DeadReason.CRASH))).isZero();
		assertThat(count(OF_DISK.withTag("n7"))).isEqualTo(2);
		assertThat(count(OF_DISK.withFingerprint("abc"))).isZero();
		Instant now = letter(ids.get(2)).diedAt();
		assertThat(count(OF_DISK.withDied(now, now.plusSeconds(1)))).isEqualTo(18);
		assertThat(count(OF_DISK.withDied(null, now))).isZero();
	}

	private long count(DeadLetterFilter filter) {
		return redrives().count(filter).count();
	}

	@Test
	default void aRedriveTellsWhatItWasAskedFor() {
		Instant from = Instant.parse("2020-01-01T00:00:00.123456Z");
		DeadLetterFilter filter = new DeadLetterFilter("mail", "default", DeadReason.EXHAUSTED, true, "abc",
				BROKEN_DISK, "tag", from, Instant.parse("2190-01-01T00:00:00Z"));
		long id = start(filter, Duration.ofSeconds(3), new RedriveCanary(7, 5));
		RedriveInfo redrive = redrive(id);
		assertThat(redrive.state()).isEqualTo(RedriveState.CANARY);
		assertThat(redrive.filter()).isEqualTo(filter);
		assertThat(redrive.pause()).isEqualTo(Duration.ofSeconds(3));
		assertThat(redrive.canary()).isEqualTo(new RedriveCanary(7, 5));
		assertThat(redrive.startedBy()).isEqualTo(ALICE);
		assertThat(redrive.changedBy()).isNull();
		assertThat(redrive.finishedAt()).isNull();
		long second = start(DeadLetterFilter.ALL, FAST, RedriveCanary.NONE);
		assertThat(redrives().list(null, 10)).extracting(RedriveInfo::id).containsExactly(second, id);
		assertThat(redrives().list(second, 10)).containsExactly(redrive);
		assertThat(redrives().list(null, 1)).hasSize(1);
		assertThat(redrives().find(987_654_321)).isEmpty();
	}

	@Test
	default void aRedriveThatMeetsNothingIsDone() {
		long plain = start(OF_DISK, FAST, RedriveCanary.NONE);
		long behindCanary = start(OF_DISK, FAST, RedriveCanary.DEFAULT);
		stepToTheEnd(plain);
		stepToTheEnd(behindCanary);
		assertThat(redrive(plain).state()).isEqualTo(RedriveState.DONE);
		assertThat(redrive(behindCanary).state()).isEqualTo(RedriveState.DONE);
		assertThat(redrive(plain).finishedAt()).isNotNull();
		assertThat(fixture().stores.redriveSteps().underWay()).isEmpty();
	}

	@Test
	default void aRedriveKeepsItsPaceAndMakesUpForOneSecondAtMost() {
		letters(40, BROKEN_DISK);
		long id = start(OF_DISK, Duration.ofMillis(100), RedriveCanary.NONE);
		Step first = fixture().stores.redriveSteps().step(id).orElseThrow();
		assertThat(first.redriven()).isEqualTo(1);
		assertThat(first.dueIn()).isBetween(Duration.ofMillis(200), Duration.ofMillis(201));
		RedriveClock.back(fixture(), id, Duration.ofHours(1));
		Step second = fixture().stores.redriveSteps().step(id).orElseThrow();
		assertThat(second.redriven()).isEqualTo(11);
		assertThat(fixture().stores.redriveSteps().step(id)).isEmpty();
		assertThat(fixture().stores.redriveSteps().underWay()).singleElement().satisfies((redrive) -> {
			assertThat(redrive.id()).isEqualTo(id);
			assertThat(redrive.dueIn()).isPositive();
		});
		assertThat(redrive(id).progress().redriven()).isEqualTo(12);
	}

	@Test
	default void aStepCopiesABoundedAmountOfPayload() {
		List<JobId> letters = letters(4, BROKEN_DISK);
		fixture().sql("update background_job_dead_letter set payload = :large where job_id <> :small")
			.param("large", "\"" + "x".repeat(4_000_000) + "\"")
			.param("small", letters.get(0).value())
			.update();
		long id = start(OF_DISK, FAST, RedriveCanary.NONE);
		assertThat(step(id).redriven()).isEqualTo(3);
		assertThat(step(id)).satisfies((step) -> {
			assertThat(step.redriven()).isEqualTo(1);
			assertThat(step.state()).isEqualTo(RedriveState.DONE);
		});
		assertThatEachBecameOneJob(letters);
	}

	@Test
	default void aLetterThatATransactionHoldsIsComeBackTo() {
		List<JobId> letters = letters(4, BROKEN_DISK);
		long id = start(OF_DISK, FAST, RedriveCanary.NONE);
		letASecondPass(id);
		holding(letters.get(1), true, () -> {
			Step step = fixture().stores.redriveSteps().step(id).orElseThrow();
			assertThat(step.redriven()).isEqualTo(3);
			assertThat(step.state()).isEqualTo(RedriveState.RUNNING);
			assertThat(step.dueIn()).isPositive();
		});
		assertThat(step(id).redriven()).isEqualTo(1);
		assertThat(redrive(id).state()).isEqualTo(RedriveState.DONE);
		assertThatEachBecameOneJob(letters);
	}

	@Test
	default void aLetterThatSomebodyElseHasRedrivenMeanwhileIsLeftAlone() {
		List<JobId> letters = letters(3, BROKEN_DISK);
		long id = start(OF_DISK, FAST, new RedriveCanary(2, 1));
		letASecondPass(id);
		holding(letters.get(0), false, () -> {
			Step step = fixture().stores.redriveSteps().step(id).orElseThrow();
			assertThat(step.redriven()).isEqualTo(1);
			assertThat(step.state()).isEqualTo(RedriveState.CANARY);
		});
		assertThat(step(id).redriven()).isEqualTo(1);
		assertThat(redrive(id).progress().canarySent()).isEqualTo(2);
		assertThatEachBecameOneJob(letters);
	}

	private void holding(JobId letter, boolean rollBack, Runnable meanwhile) {
		fixture().transaction.executeWithoutResult((status) -> {
			redrives().redrive(List.of(letter), ALICE);
			meanwhile.run();
			if (rollBack) {
				status.setRollbackOnly();
			}
		});
	}

	@Test
	default void aRedriveTakesOnlyLettersThatWereThereWhenItWasMade() {
		List<JobId> before = letters(4, BROKEN_DISK);
		fixture().sql("update background_job_dead_letter set died_at = :later where job_id = :id")
			.param("later", Timestamp.from(Instant.parse("2190-01-01T00:00:00Z")))
			.param("id", before.get(1).value())
			.update();
		long id = start(OF_DISK, FAST, RedriveCanary.NONE);
		List<JobId> after = letters(2, BROKEN_DISK);
		stepToTheEnd(id);
		assertThatEachBecameOneJob(List.of(before.get(0), before.get(2), before.get(3)));
		assertThat(letter(before.get(1)).isOpen()).isTrue();
		assertThat(after).allMatch((letter) -> letter(letter).isOpen());
		assertThat(letter(before.get(0)).resolution()).satisfies((resolution) -> {
			assertThat(resolution.by()).isEqualTo("alice");
			assertThat(resolution.why()).isEqualTo("redrive " + id + ": the disk is back");
		});
	}

	@Test
	default void aReasonOfAnyLengthIsKeptWithEachLetterAsFarAsItFits() {
		JobId letter = letters(1, BROKEN_DISK).get(0);
		Audit longest = new Audit("x".repeat(200), "y".repeat(1_000));
		long id = redrives()
			.create(new NewRedrive(OF_DISK, redrives().count(OF_DISK), FAST, RedriveCanary.NONE, longest));
		stepToTheEnd(id);
		assertThat(redrive(id).startedBy()).isEqualTo(longest);
		assertThat(letter(letter).resolution().why()).hasSize(1_000).startsWith("redrive " + id + ": yyy");
	}

	@Test
	default void aCanaryThatFailsStopsTheRedriveWithFigures() {
		letters(20, BROKEN_DISK);
		long id = start(OF_DISK, FAST, new RedriveCanary(5, 4));
		assertThat(step(id).redriven()).isEqualTo(5);
		assertThat(step(id)).satisfies((step) -> {
			assertThat(step.state()).isEqualTo(RedriveState.CANARY);
			assertThat(step.redriven()).isZero();
		});
		settleAll(2, true, new JobOutcome.Succeeded());
		settleAll(1, true, new JobOutcome.Retried(FAILURE, Duration.ofHours(1), null));
		assertThat(step(id).state()).isEqualTo(RedriveState.CANARY);
		settleAll(1, true, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		Step stopped = step(id);
		assertThat(stopped.state()).isEqualTo(RedriveState.STOPPED);
		assertThat(stopped.stoppedBecause())
			.isEqualTo("Of its first 5 jobs 2 have failed and 2 have succeeded, where 4 had to");
		assertThat(redrive(id).stoppedBecause()).isEqualTo(stopped.stoppedBecause());
		assertThat(redrive(id).progress()).isEqualTo(new RedriveInfo.Progress(20, 5, 5, 2, 2));
		assertThat(fixture().stores.redriveSteps().underWay()).isEmpty();
		letASecondPass(id);
		assertThat(fixture().stores.redriveSteps().step(id)).isEmpty();
	}

	@Test
	default void aCanaryIsJudgedWithoutAHistoryToo() {
		letters(20, BROKEN_DISK);
		long id = start(OF_DISK, FAST, new RedriveCanary(5, 4));
		step(id);
		settleAll(4, false, new JobOutcome.Succeeded());
		assertThat(step(id).state()).isEqualTo(RedriveState.RUNNING);
		stepToTheEnd(id);
		assertThat(redrive(id).state()).isEqualTo(RedriveState.DONE);
		assertThat(redrive(id).progress().redriven()).isEqualTo(20);
	}

	@Test
	default void whatIsDroppedOrCancelledHasNotSucceeded() {
		letters(20, BROKEN_DISK);
		long id = start(OF_DISK, FAST, new RedriveCanary(3, 3));
		step(id);
		settleAll(1, true, new JobOutcome.Discarded("of no use", null));
		assertThat(step(id).state()).isEqualTo(RedriveState.STOPPED);
		long withoutHistory = start(OF_DISK, FAST, new RedriveCanary(3, 3));
		step(withoutHistory);
		fixture().claim(2);
		settleAll(3, false, new JobOutcome.Discarded("it failed", FAILURE));
		assertThat(step(withoutHistory).state()).isEqualTo(RedriveState.STOPPED);
	}

	@Test
	default void aCanaryThatWaitsIsUndecidedAndLookedAtLessAndLessOften() {
		letters(20, BROKEN_DISK);
		long id = start(OF_DISK, FAST, new RedriveCanary(2, 1));
		step(id);
		fixture().sql("update background_job_job set state = 2, blocked_by = 'circuit:smtp'").update();
		Step early = step(id);
		assertThat(early.state()).isEqualTo(RedriveState.CANARY);
		assertThat(early.dueIn()).isBetween(Duration.ofMillis(499), Duration.ofSeconds(9));
		fixture().sql("update background_job_redrive set changed_at = clock_timestamp() - interval '1' day").update();
		assertThat(step(id).dueIn()).isEqualTo(Duration.ofSeconds(10));
		RedriveClock.back(fixture(), id, Duration.ofSeconds(10));
		fixture().sql("update background_job_job set state = 0, blocked_by = null").update();
		settleAll(1, true, new JobOutcome.Succeeded());
		assertThat(step(id).state()).isEqualTo(RedriveState.RUNNING);
	}

	@Test
	default void fewerLettersThanACanaryAreJudgedByTheSameShare() {
		letters(3, BROKEN_DISK);
		long passes = start(OF_DISK, FAST, RedriveCanary.DEFAULT);
		assertThat(step(passes).redriven()).isEqualTo(3);
		assertThat(step(passes).state()).isEqualTo(RedriveState.CANARY);
		settleAll(3, true, new JobOutcome.Succeeded());
		assertThat(step(passes).state()).isEqualTo(RedriveState.DONE);
		letters(3, BROKEN_DISK);
		long fails = start(OF_DISK, FAST, RedriveCanary.DEFAULT);
		step(fails);
		settleAll(1, true, new JobOutcome.Retried(FAILURE, Duration.ofHours(1), null));
		assertThat(step(fails).state()).isEqualTo(RedriveState.STOPPED);
	}

	private long stopped(int letters) {
		letters(letters, BROKEN_DISK);
		long id = start(OF_DISK, FAST, new RedriveCanary(2, 2));
		step(id);
		settleAll(1, true, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		assertThat(step(id).state()).isEqualTo(RedriveState.STOPPED);
		fixture().sql("delete from background_job_job").update();
		return id;
	}

	@Test
	default void aStoppedRedriveGoesOnBehindAnotherCanary() {
		long id = stopped(10);
		assertThat(redrives().resume(id, true, new Audit("bob", "mended"))).isTrue();
		assertThat(redrives().resume(id, true, ALICE)).isFalse();
		assertThat(redrive(id).changedBy()).isEqualTo(new Audit("bob", "mended"));
		assertThat(redrive(id).stoppedBecause()).isNull();
		assertThat(step(id).redriven()).isEqualTo(2);
		settleAll(2, true, new JobOutcome.Succeeded());
		stepToTheEnd(id);
		assertThat(redrive(id).progress()).isEqualTo(new RedriveInfo.Progress(10, 10, 2, 2, 0));
		assertThat(count(OF_DISK)).as("what its first canary left behind").isOne();
	}

	@Test
	default void aStoppedRedriveGoesOnWithoutACanaryIfItIsTold() {
		long id = stopped(10);
		assertThat(redrives().resume(id, false, ALICE)).isTrue();
		assertThat(step(id).redriven()).isEqualTo(8);
		assertThat(redrive(id).state()).isEqualTo(RedriveState.DONE);
	}

	@Test
	default void aRedriveIsCancelledInAnyStateButTheLast() {
		long stopped = stopped(10);
		long running = start(OF_DISK, FAST, RedriveCanary.NONE);
		assertThat(redrives().cancel(stopped, new Audit("bob", "no use"))).isTrue();
		assertThat(redrives().cancel(running, ALICE)).isTrue();
		assertThat(redrives().cancel(running, ALICE)).isFalse();
		assertThat(redrives().resume(stopped, true, ALICE)).isFalse();
		assertThat(redrive(stopped).state()).isEqualTo(RedriveState.CANCELLED);
		assertThat(redrive(stopped).changedBy()).isEqualTo(new Audit("bob", "no use"));
		assertThat(redrive(stopped).finishedAt()).isNotNull();
		letASecondPass(running);
		assertThat(fixture().stores.redriveSteps().step(running)).isEmpty();
		assertThat(waiting()).isEmpty();
	}

	@Test
	default void aStepWhoseNodeDiesIsDoneByAnotherOneAndEachLetterOnce() {
		List<JobId> ids = letters(2_500, BROKEN_DISK);
		letters(50, "java.lang.IllegalStateException");
		long id = start(OF_DISK, FAST, RedriveCanary.NONE);
		LosingDataSource losing = new LosingDataSource(fixture().dataSource);
		JdbcStores dying = JdbcStores.create(losing, losing, fixture().prefix());
		for (LosingDataSource.Loss loss : LosingDataSource.Loss.values()) {
			losing.loseNext(loss);
			letASecondPass(id);
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> dying.redriveSteps().step(id));
			assertThat(step(id).redriven()).isEqualTo(500);
		}
		List<Integer> redriven = Threads.together(3, () -> {
			int mine = 0;
			while (!fixture().stores.redriveSteps().underWay().isEmpty()) {
				letASecondPass(id);
				mine += fixture().stores.redriveSteps().step(id).map(Step::redriven).orElse(0);
			}
			return mine;
		});
		assertThat(redriven.stream().mapToInt(Integer::intValue).sum()).isEqualTo(2_500 - 3 * 500);
		assertThat(redrive(id).progress().redriven()).isEqualTo(2_500);
		assertThatEachBecameOneJob(ids);
		assertThat(count(DeadLetterFilter.ALL)).isEqualTo(50);
	}

	@Test
	default void aStepPassesWhatSomebodyElseHasResolved() {
		List<JobId> ids = letters(3, BROKEN_DISK);
		long id = start(OF_DISK, FAST, RedriveCanary.NONE);
		fixture().stores.operationsStore().discardDeadLetter(ids.get(1), ALICE);
		assertThat(step(id).redriven()).isEqualTo(2);
		assertThat(redrive(id).progress()).isEqualTo(new RedriveInfo.Progress(3, 2, 0, 0, 0));
	}

	@Test
	default void aRedriveInAnotherNodesHandsIsLeftToIt() {
		letters(3, BROKEN_DISK);
		long id = start(OF_DISK, FAST, RedriveCanary.NONE);
		letASecondPass(id);
		fixture().transaction.executeWithoutResult((status) -> {
			fixture().sql("select id from background_job_redrive where id = :id for update")
				.param("id", id)
				.query(Long.class)
				.single();
			Threads.inOther(() -> {
				assertThat(fixture().stores.redriveSteps().underWay()).extracting(UnderWay::id).containsExactly(id);
				assertThat(fixture().stores.redriveSteps().step(id)).isEmpty();
			});
		});
	}

	@Test
	default void redrivesThatEndedLongAgoAreDeletedAndStoppedOnesStay() {
		long stopped = stopped(3);
		long done = start(OF_DISK, FAST, new RedriveCanary(1, 1));
		step(done);
		settleAll(1, true, new JobOutcome.Succeeded());
		stepToTheEnd(done);
		long cancelled = start(OF_DISK, FAST, RedriveCanary.NONE);
		redrives().cancel(cancelled, ALICE);
		fixture().sql("update background_job_redrive set changed_at = clock_timestamp() - interval '91' day").update();
		fixture()
			.sql("update background_job_redrive set finished_at = clock_timestamp() - interval '91' day "
					+ "where id = :id")
			.param("id", done)
			.update();
		assertThat(fixture().stores.redriveSteps().deleteEnded(Duration.ofDays(90), 10)).isOne();
		assertThat(fixture().stores.redriveSteps().deleteEnded(Duration.ofDays(90), 10)).isZero();
		assertThat(redrives().list(null, 10)).extracting(RedriveInfo::id).containsExactly(cancelled, stopped);
		assertThat(fixture().count("redrive_canary")).isEqualTo(2);
	}

}
