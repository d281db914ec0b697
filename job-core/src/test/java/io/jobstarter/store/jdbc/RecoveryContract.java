package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterCallback;
import io.jobstarter.DeadReason;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.MaintenanceStore.RecoveredJob;
import io.jobstarter.store.MaintenanceStore.Recovery;
import io.jobstarter.store.WorkerStore.Renewal;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.HEARTBEAT;
import static io.jobstarter.store.jdbc.StoreFixture.LEASE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Recovery of what dead workers leave behind.
 */
interface RecoveryContract {

	StoreFixture fixture();

	private Optional<Recovery> recover() {
		return recover(0, 500);
	}

	private Optional<Recovery> recover(long after, int limit) {
		return fixture().stores.maintenanceStore().recover(after, LEASE, 3, limit, (name) -> name.equals("mail"));
	}

	private List<ClaimedJob> runningOn(long worker, int count) {
		fixture().register(worker);
		fixture().enqueue(count, "mail", "default");
		return fixture().claim(worker, count);
	}

	@Test
	default void theJobsOfADeadWorkerGoToTheFrontInTheirOldOrder() {
		List<ClaimedJob> jobs = runningOn(ME, 3);
		long waiting = fixture().enqueue(StoreFixture.job("mail"));
		fixture().expire(ME);
		Recovery recovery = recover().orElseThrow();
		assertThat(recovery.worker()).isEqualTo(ME);
		assertThat(recovery.complete()).isTrue();
		assertThat(recovery.jobs()).extracting(RecoveredJob::id)
			.containsExactlyInAnyOrderElementsOf(jobs.stream().map(ClaimedJob::id).toList());
		assertThat(recovery.jobs()).allMatch((job) -> job.lane().equals(new Lane("default", 0, true))
				&& job.crashes() == 1 && !job.dead() && job.name().equals("mail"));
		assertThat(fixture().waitingInOrder()).containsExactly(jobs.get(0).id(), jobs.get(1).id(), jobs.get(2).id(),
				waiting);
		assertThat(fixture().count("worker")).isZero();
		assertThat(fixture().stores.workerStore().renew(ME, LEASE, HEARTBEAT, null)).isEqualTo(Renewal.MISSING);
	}

	@Test
	default void whatWasRecoveredCannotBeSettledByItsOldWorker() {
		ClaimedJob job = runningOn(ME, 1).get(0);
		fixture().expire(ME);
		recover();
		assertThat(fixture().settle(job, new JobOutcome.Succeeded())).isEqualTo(Settled.LOST);
		assertThat(fixture().waitingInOrder()).containsExactly(job.id());
	}

	@Test
	default void theJobsOfALiveWorkerAreNeverTaken() {
		List<ClaimedJob> jobs = runningOn(ME, 2);
		runningOn(ME + 1, 1);
		fixture().expire(ME + 1);
		assertThat(recover().orElseThrow().worker()).isEqualTo(ME + 1);
		assertThat(recover()).isEmpty();
		assertThat(fixture().stores.claimStore().held(ME, jobs.stream().map(ClaimedJob::id).toList())).hasSize(2);
	}

	@Test
	default void afterAnOutageThatIsLongerThanALeaseNoJobIsTakenFromAWorkerThatMayLive() {
		runningOn(ME, 1);
		pass(Duration.ofHours(1));
		assertThat(recover()).isEmpty();
		beat(ME + 1);
		assertThat(recover()).isEmpty();
		assertThat(remaining(ME)).isBetween(Duration.ofSeconds(1), LEASE.minus(HEARTBEAT).plusSeconds(1));
	}

	@Test
	default void leasesThatWereRenewedSinceAnOutageAreNoLonger() {
		fixture().register(ME);
		pass(Duration.ofHours(1));
		fixture()
			.sql("update background_job_worker set last_seen_at = clock_timestamp(), "
					+ "expires_at = clock_timestamp() + interval '30' second")
			.update();
		Instant before = expiry(ME);
		beat(ME + 1);
		assertThat(expiry(ME)).isEqualTo(before);
	}

	@Test
	default void whenTheClockWasSetBackTheDeadAreRecoveredNoLater() {
		runningOn(ME, 1);
		pass(Duration.ofHours(-1));
		beat(ME + 1);
		assertThat(recover()).isEmpty();
		assertThat(remaining(ME)).isLessThanOrEqualTo(LEASE);
	}

	@Test
	default void nodesThatLiveForOneHeartbeatOnlyRecoverWhatDeadOnesHeld() {
		runningOn(ME, 1);
		int lives = 0;
		do {
			pass(Duration.ofMinutes(1));
			beat(ME + ++lives);
		}
		while (recover().isEmpty() && lives < 100);
		assertThat(lives).isBetween(5, 7);
	}

	// As if time went by in which nobody was at work.
	private void pass(Duration time) {
		for (String column : List.of("pulse set last_beat = last_beat", "worker set expires_at = expires_at",
				"worker set last_seen_at = last_seen_at")) {
			fixture().sql("update background_job_" + column + " - interval '" + time.toSeconds() + "' second").update();
		}
	}

	private void beat(long worker) {
		fixture().register(worker);
		assertThat(fixture().stores.workerStore().renew(worker, LEASE, HEARTBEAT, null)).isEqualTo(Renewal.RENEWED);
	}

	private Instant expiry(long worker) {
		return fixture().sql("select expires_at from background_job_worker where id = :id")
			.param("id", worker)
			.query((row, number) -> Values.instant(row, "expires_at"))
			.single();
	}

	private Duration remaining(long worker) {
		return fixture().sql("select expires_at, clock_timestamp() as now from background_job_worker where id = :id")
			.param("id", worker)
			.query((row, number) -> Duration.between(Values.instant(row, "now"), Values.instant(row, "expires_at")))
			.single();
	}

	@Test
	default void nothingIsRecoveredInAGapThatNoHeartbeatHasShownYet() {
		runningOn(ME, 1);
		fixture().expire(ME);
		fixture().sql("update background_job_pulse set last_beat = clock_timestamp() - interval '16' second").update();
		assertThat(recover()).isEmpty();
		fixture().sql("update background_job_pulse set last_beat = clock_timestamp() + interval '16' second").update();
		assertThat(recover()).isEmpty();
	}

	@Test
	default void aWorkerThatWasStoppingAddsNoCrash() {
		runningOn(ME, 1);
		fixture().stores.workerStore().markStopping(ME);
		fixture().expire(ME);
		assertThat(recover().orElseThrow().jobs()).extracting(RecoveredJob::crashes).containsExactly(0);
	}

	@Test
	default void theThirdCrashBuriesAJob() {
		JobId id = new JobId(runningOn(ME, 1).get(0).id());
		for (int crash = 1; crash <= 3; crash++) {
			fixture().register(ME);
			if (crash > 1) {
				assertThat(fixture().claimOne().crashes()).isEqualTo(crash - 1);
			}
			fixture().expire(ME);
			assertThat(recover().orElseThrow().jobs()).extracting(RecoveredJob::dead).containsExactly(crash == 3);
		}
		DeadLetter letter = fixture().stores.operationsStore().deadLetter(id).orElseThrow();
		assertThat(letter.reason()).isEqualTo(DeadReason.CRASH);
		assertThat(letter.crashes()).isEqualTo(3);
		assertThat(letter.attempts()).isZero();
		assertThat(letter.worker()).isEqualTo(ME);
		assertThat(letter.fingerprint()).isEqualTo("crash");
		assertThat(letter.callback().state()).isEqualTo(DeadLetterCallback.State.PENDING);
		assertThat(fixture().count("failure")).isOne();
		assertThat(fixture().count("job")).isZero();
	}

	@Test
	default void theNeighboursOfAJobThatCrashesRunAgainUnharmed() {
		List<ClaimedJob> jobs = runningOn(ME, 2);
		fixture().sql("update background_job_job set crashes = 2 where id = :id")
			.param("id", jobs.get(0).id())
			.update();
		fixture().expire(ME);
		recover();
		assertThat(fixture().waitingInOrder()).containsExactly(jobs.get(1).id());
	}

	@Test
	default void manyJobsAreFreedInBatchesWithoutBreakingTheirOrder() {
		List<Long> ids = runningOn(ME, 1_200).stream().map(ClaimedJob::id).toList();
		fixture().expire(ME);
		Set<Long> recovered = new HashSet<>();
		for (boolean last : new boolean[] { false, false, true }) {
			Recovery recovery = recover(0, 500).orElseThrow();
			recovery.jobs().forEach((job) -> recovered.add(job.id()));
			assertThat(recovery.complete()).isEqualTo(last);
		}
		assertThat(recovered).hasSize(1_200);
		assertThat(fixture().waitingInOrder()).isEqualTo(ids);
		assertThat(recover()).isEmpty();
	}

	@Test
	default void aLockedRowIsRecoveredLater() {
		List<ClaimedJob> jobs = runningOn(ME, 2);
		fixture().expire(ME);
		fixture().whileLocked(jobs.get(0).id(), () -> {
			Recovery recovery = recover().orElseThrow();
			assertThat(recovery.jobs()).extracting(RecoveredJob::id).containsExactly(jobs.get(1).id());
			assertThat(recovery.complete()).isFalse();
		});
		assertThat(fixture().stores.operationsStore().workers()).allMatch((worker) -> worker.dead());
		assertThat(recover().orElseThrow().complete()).isTrue();
		assertThat(fixture().count("worker")).isZero();
	}

	@Test
	default void oneDeadWorkerIsTakenAtATimeAndInTheOrderOfIds() {
		for (long worker : new long[] { ME + 2, ME, ME + 1 }) {
			runningOn(worker, 1);
			fixture().expire(worker);
		}
		assertThat(recover(ME, 500).orElseThrow().worker()).isEqualTo(ME + 1);
		assertThat(recover(0, 500).orElseThrow().worker()).isEqualTo(ME);
		assertThat(recover(0, 500).orElseThrow().worker()).isEqualTo(ME + 2);
	}

	@Test
	default void aWorkerThatAnotherNodeIsRecoveringIsSkipped() {
		runningOn(ME, 1);
		runningOn(ME + 1, 1);
		fixture().expire(ME);
		fixture().expire(ME + 1);
		fixture().transaction.executeWithoutResult((status) -> {
			fixture().sql("select id from background_job_worker where id = :id for update")
				.param("id", ME)
				.query(Long.class)
				.single();
			Threads.inOther(() -> assertThat(recover().orElseThrow().worker()).isEqualTo(ME + 1));
		});
	}

	@Test
	default void aJobThatWasToBeCancelledIsCancelledWhenItsWorkerDies() {
		ClaimedJob job = runningOn(ME, 1).get(0);
		fixture().stores.operationsStore().requestCancel(new JobId(job.id()));
		fixture().expire(ME);
		Recovery recovery = recover().orElseThrow();
		assertThat(recovery.jobs()).isEmpty();
		assertThat(recovery.complete()).isTrue();
		assertThat(fixture().stores.operationsStore().find(new JobId(job.id())).orElseThrow().state())
			.isEqualTo(JobState.CANCELLED);
	}

	@Test
	default void aJobOfALostClaimThatWasToBeCancelledDoesNotRunAgain() {
		ClaimedJob job = runningOn(ME, 1).get(0);
		fixture().stores.operationsStore().requestCancel(new JobId(job.id()));
		assertThat(fixture().stores.claimStore().release(ME, job.fence().claim())).isZero();
		assertThat(fixture().claim(ME + 1, 1)).isEmpty();
		fixture().expire(ME);
		recover();
		assertThat(fixture().stores.operationsStore().find(new JobId(job.id())).orElseThrow().state())
			.isEqualTo(JobState.CANCELLED);
	}

	@Test
	default void anUnknownWorkerThatJobsNameGetsOneFreshLease() {
		fixture().enqueue(2, "mail", "default");
		fixture().claim(ME, 2);
		assertThat(fixture().stores.maintenanceStore().adoptUnknownWorkers(LEASE, Duration.ofMinutes(1))).isOne();
		assertThat(recover()).isEmpty();
		fixture().expire(ME);
		assertThat(recover().orElseThrow().jobs()).hasSize(2);
	}

	@Test
	default void oneNodeLooksForUnknownWorkersInAnInterval() {
		runningOn(ME, 1);
		assertThat(fixture().stores.maintenanceStore().adoptUnknownWorkers(LEASE, Duration.ofMinutes(1))).isZero();
		fixture().enqueue(1, "mail", "default");
		fixture().claim(ME + 1, 1);
		assertThat(fixture().stores.maintenanceStore().adoptUnknownWorkers(LEASE, Duration.ofMinutes(1))).isZero();
		assertThat(fixture().stores.maintenanceStore().adoptUnknownWorkers(LEASE, Duration.ZERO)).isOne();
	}

	@Test
	default void whatIsBlockedByNothingIsMadeReady() {
		fixture().enqueue(4, "mail", "default");
		fixture().sql("update background_job_job set state = 2").update();
		fixture().sql("update background_job_job set state = 3 where mod(id, 2) = 0").update();
		assertThat(fixture().stores.maintenanceStore().freeBlockedByNothing(10)).hasSize(1);
		assertThat(fixture().claim(ME, 10)).hasSize(4);
		assertThat(fixture().stores.maintenanceStore().freeBlockedByNothing(10)).isEmpty();
	}

	@Test
	default void whatALaterReleaseKnowsIsLeftToIt() {
		fixture().enqueue(3, "mail", "default");
		fixture().sql("update background_job_job set state = 9").update();
		fixture().sql("""
				update background_job_job set state = mod(id, 3) + 2, blocked_by = 'quota:tenant'
				where mod(id, 3) < 2
				""").update();
		assertThat(fixture().stores.maintenanceStore().freeBlockedByNothing(10)).isEmpty();
		assertThat(fixture().claim(ME, 10)).isEmpty();
	}

	@Test
	default void aWorkerSeesWhatItHasClaimedForAWhile() {
		List<ClaimedJob> jobs = runningOn(ME, 2);
		assertThat(fixture().stores.claimStore().claimedBefore(ME, Duration.ofMinutes(1))).isEmpty();
		assertThat(fixture().stores.claimStore().claimedBefore(ME + 1, Duration.ZERO)).isEmpty();
		assertThat(fixture().stores.claimStore().claimedBefore(ME, Duration.ZERO)).hasSize(2)
			.containsEntry(jobs.get(0).id(), jobs.get(0).fence().claim());
	}

}
