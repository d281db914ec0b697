package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.ClaimedJob.Fence;
import io.jobstarter.store.Settlement;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fences, batches, the caller's transaction, and a history that cannot be written.
 */
interface SettleTogetherContract {

	StoreFixture fixture();

	private ClaimedJob running() {
		fixture().enqueue(job("mail"));
		return fixture().claimOne();
	}

	private static ClaimedJob heldBy(ClaimedJob job, Fence fence) {
		return new ClaimedJob(job.id(), fence, job.lane(), job.position(), job.name(), job.payload(), job.attempt(),
				job.crashes(), job.ruleCounts(), job.enqueuedAt(), job.dueAt(), job.claimedAt(), job.headers(),
				job.tags());
	}

	@Test
	default void noOutcomeIsWrittenForAnotherWorkersJob() {
		ClaimedJob job = running();
		ClaimedJob foreign = heldBy(job, new Fence(ME + 1, job.fence().claim()));
		for (JobOutcome outcome : List.of(new JobOutcome.Succeeded(), new JobOutcome.Cancelled(),
				new JobOutcome.Discarded("why", FAILURE), new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE),
				new JobOutcome.Retried(FAILURE, Duration.ZERO, null), new JobOutcome.Snoozed(DueTime.NOW),
				new JobOutcome.Returned("why"))) {
			assertThat(fixture().settle(foreign, outcome)).as(outcome.label()).isEqualTo(Settled.LOST);
		}
		assertThat(fixture().stores.claimStore().held(ME, List.of(job.id()))).hasSize(1);
		assertThat(fixture().count("failure") + fixture().count("history") + fixture().count("dead_letter")).isZero();
	}

	@Test
	default void anOldBodyOfTheSameWorkerCannotSettleItsLaterClaim() {
		ClaimedJob old = running();
		fixture().settle(old, new JobOutcome.Returned("given back"));
		ClaimedJob now = fixture().claimOne();
		assertThat(now.id()).isEqualTo(old.id());
		assertThat(fixture().settle(old, new JobOutcome.Succeeded())).isEqualTo(Settled.LOST);
		assertThat(fixture().settle(now, new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
	}

	@Test
	default void anOldBodyOfTheSameWorkerCannotPutOffOrBuryItsLaterClaim() {
		ClaimedJob old = running();
		fixture().settle(old, new JobOutcome.Returned("given back"));
		ClaimedJob now = fixture().claimOne();
		for (JobOutcome late : List.of(new JobOutcome.Retried(FAILURE, Duration.ZERO, null),
				new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE), new JobOutcome.Discarded("why", FAILURE),
				new JobOutcome.Snoozed(DueTime.NOW), new JobOutcome.Returned("why"))) {
			assertThat(fixture().settle(old, late)).as(late.label()).isEqualTo(Settled.LOST);
		}
		assertThat(fixture().count("failure")).isZero();
		assertThat(fixture().count("dead_letter")).isZero();
		assertThat(fixture().settle(now, new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
	}

	@Test
	default void aLostClaimIsReleasedAndNoOtherOfItsWorker() {
		fixture().enqueue(2, "mail", "default");
		ClaimedJob lost = fixture().claimOne();
		ClaimedJob kept = fixture().claimOne();
		assertThat(fixture().stores.claimStore().release(ME, lost.fence().claim())).isOne();
		assertThat(fixture().settle(lost, new JobOutcome.Succeeded())).isEqualTo(Settled.LOST);
		assertThat(fixture().settle(kept, new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
	}

	@Test
	default void eachJobIsComparedWithItsOwnClaimAndWorker() {
		List<Long> ids = fixture().enqueue(4, "mail", "default");
		ClaimedJob first = fixture().claimOne();
		ClaimedJob second = fixture().claimOne();
		ClaimedJob third = fixture().claim(ME + 1, 1).get(0);
		ClaimedJob fourth = fixture().claimOne();
		Map<Long, Settled> settled = fixture().settle(true,
				Stream
					.of(fourth, heldBy(third, second.fence()), heldBy(second, first.fence()),
							heldBy(first, new Fence(ME + 1, first.fence().claim())))
					.map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null))
					.toList());
		assertThat(settled).containsEntry(fourth.id(), Settled.DONE).hasSize(4);
		assertThat(ids.subList(0, 3)).allMatch((id) -> settled.get(id) == Settled.LOST);
		assertThat(fixture().count("job")).isEqualTo(3);
	}

	@Test
	default void jobsOfSeveralWorkersAreSettledTogether() {
		fixture().enqueue(3, "mail", "default");
		Map<Long, Settled> settled = fixture().settle(true,
				Stream.of(fixture().claimOne(), fixture().claim(ME + 1, 1).get(0), fixture().claimOne())
					.map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null))
					.toList());
		assertThat(settled).hasSize(3);
		assertThat(settled.values()).containsOnly(Settled.DONE);
		assertThat(fixture().count("history")).isEqualTo(3);
	}

	// After a restore, a sequence may give an id again.
	@Test
	default void anIdThatTheHistoryHasAlreadyCostsNoOtherJobItsEntry() {
		fixture().enqueue(3, "mail", "default");
		List<ClaimedJob> jobs = fixture().claim(3);
		long again = jobs.get(1).id();
		fixture()
			.sql("insert into background_job_history (id, name, queue, priority, state, attempts, crashes, "
					+ "enqueued_at, due_at, finished_at) select id, name, queue, priority, 'CANCELLED', 0, 0, "
					+ "created_at, due_at, created_at from background_job_job where id = :id")
			.param("id", again)
			.update();
		assertThat(fixture()
			.settle(true, jobs.stream().map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null)).toList())
			.values()).containsExactly(Settled.DONE, Settled.DONE, Settled.DONE);
		assertThat(fixture().count("job")).isZero();
		assertThat(fixture().stores.operationsStore().find(new JobId(jobs.get(2).id()))).isPresent();
	}

	@Test
	default void settlingTwiceIsLostTheSecondTime() {
		ClaimedJob job = running();
		assertThat(fixture().settle(job, new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
		assertThat(fixture().settle(job, new JobOutcome.Succeeded())).isEqualTo(Settled.LOST);
		assertThat(fixture().count("history")).isOne();
	}

	@Test
	default void oneLockedRowDoesNotHoldABatch() {
		fixture().enqueue(20, "mail", "default");
		List<ClaimedJob> jobs = fixture().claim(20);
		List<Settlement> settlements = jobs.stream()
			.map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null))
			.toList();
		long locked = jobs.get(7).id();
		fixture().whileLocked(locked, () -> {
			Map<Long, Settled> settled = fixture().settle(true, settlements);
			assertThat(settled).hasSize(20).containsEntry(locked, Settled.LOCKED);
			assertThat(settled.values()).filteredOn(Settled.DONE::equals).hasSize(19);
		});
		assertThat(fixture().settle(jobs.get(7), new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
		assertThat(fixture().count("history")).isEqualTo(20);
	}

	@Test
	default void aMixedBatchIsSettledEachByItsOwnOutcome() {
		fixture().enqueue(8, "mail", "default");
		List<ClaimedJob> jobs = fixture().claim(8);
		List<JobOutcome> outcomes = List.of(new JobOutcome.Succeeded(), new JobOutcome.Cancelled(),
				new JobOutcome.Discarded("why", null), new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE),
				new JobOutcome.Retried(FAILURE, Duration.ofHours(1), null),
				new JobOutcome.Snoozed(new DueTime.In(Duration.ofHours(1))), new JobOutcome.Returned("why"));
		List<Settlement> settlements = new ArrayList<>();
		for (int i = 0; i < outcomes.size(); i++) {
			settlements.add(new Settlement(jobs.get(i), outcomes.get(i), null));
		}
		assertThat(fixture().settle(true, settlements)).hasSize(7)
			.allSatisfy((id, settled) -> assertThat(settled).isEqualTo(Settled.DONE));
		assertThat(jobs)
			.extracting((job) -> fixture().stores.operationsStore().find(new JobId(job.id())).orElseThrow().state())
			.containsExactly(JobState.SUCCEEDED, JobState.CANCELLED, JobState.DISCARDED, JobState.DEAD,
					JobState.SCHEDULED, JobState.SCHEDULED, JobState.READY, JobState.RUNNING);
	}

	@Test
	default void overlappingBatchesInDifferentOrdersDoNotDeadlock() {
		fixture().enqueue(200, "mail", "default");
		List<Settlement> settlements = fixture().claim(200)
			.stream()
			.map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null))
			.toList();
		AtomicLong seeds = new AtomicLong();
		List<Map<Long, Settled>> results = Threads.together(4, () -> {
			List<Settlement> shuffled = new ArrayList<>(settlements);
			Collections.shuffle(shuffled, new Random(seeds.incrementAndGet()));
			return fixture().settle(true, shuffled);
		});
		assertThat(results.stream().flatMap((result) -> result.values().stream()).filter(Settled.DONE::equals))
			.hasSize(200);
	}

	@Test
	default void aHistoryThatCannotBeWrittenDoesNotKeepJobsRunning() {
		fixture().enqueue(3, "mail", "default");
		List<ClaimedJob> jobs = fixture().claim(3);
		withoutHistory(() -> {
			Map<Long, Settled> settled = fixture().settle(true,
					new Settlement(jobs.get(0), new JobOutcome.Succeeded(), null),
					new Settlement(jobs.get(1), new JobOutcome.Retried(FAILURE, Duration.ofHours(1), null), null));
			assertThat(settled).containsEntry(jobs.get(0).id(), Settled.DONE_WITHOUT_HISTORY)
				.containsEntry(jobs.get(1).id(), Settled.DONE);
			boolean completed = Boolean.TRUE.equals(fixture().transaction
				.execute((status) -> fixture().stores.claimStore().completeInCallersTransaction(jobs.get(2), true)));
			assertThat(completed).isTrue();
		});
		assertThat(fixture().count("job")).isOne();
		assertThat(fixture().count("failure")).isOne();
	}

	private void withoutHistory(Runnable action) {
		fixture().sql("alter table background_job_history rename to background_job_history_away").update();
		try {
			action.run();
		}
		finally {
			fixture().sql("alter table background_job_history_away rename to background_job_history").update();
		}
	}

	@Test
	default void completingCommitsWithTheCallersTransaction() {
		ClaimedJob job = running();
		fixture().transaction.executeWithoutResult((status) -> {
			fixture().enqueue(job("report"));
			assertThat(fixture().stores.claimStore().completeInCallersTransaction(job, true)).isTrue();
		});
		assertThat(fixture().stores.operationsStore().find(new JobId(job.id())).orElseThrow().state())
			.isEqualTo(JobState.SUCCEEDED);
		assertThat(fixture().waitingInOrder()).hasSize(1);
	}

	@Test
	default void completingRollsBackWithTheCallersTransaction() {
		ClaimedJob job = running();
		fixture().transaction.executeWithoutResult((status) -> {
			fixture().stores.claimStore().completeInCallersTransaction(job, true);
			status.setRollbackOnly();
		});
		assertThat(fixture().stores.claimStore().held(ME, List.of(job.id()))).hasSize(1);
		assertThat(fixture().count("history")).isZero();
	}

	@Test
	default void completingAJobThatIsLostSaysSo() {
		ClaimedJob old = running();
		fixture().settle(old, new JobOutcome.Returned("given back"));
		fixture().claimOne();
		assertThat(fixture().stores.claimStore().completeInCallersTransaction(old, false)).isFalse();
		assertThat(fixture().count("job")).isOne();
	}

	@Test
	default void nothingToSettleIsNothing() {
		assertThat(fixture().settle(true)).isEmpty();
	}

}
