package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterState;
import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.store.RedrivenLetter;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionTemplate;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static io.jobstarter.store.jdbc.StoreFixture.later;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What operators change: each change applies to the state that it is meant for, or not at
 * all.
 */
interface OperationsContract {

	Instant FAR = Instant.parse("2199-01-01T00:00:00Z");

	StoreFixture fixture();

	private OperationsStore operations() {
		return fixture().stores.operationsStore();
	}

	private JobId waiting() {
		return new JobId(fixture().enqueue(later("mail", Duration.ofHours(1))));
	}

	private JobId running() {
		fixture().enqueue(job("mail"));
		return new JobId(fixture().claimOne().id());
	}

	private JobId dead() {
		fixture()
			.enqueue(new NewJob("mail", "default", 4, DueTime.NOW, "{\"a\":1}", Map.of("k", "v"), List.of("t"), null));
		ClaimedJob job = fixture().claimOne();
		fixture().settle(job, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		return new JobId(job.id());
	}

	private JobState state(JobId id) {
		return operations().find(id).orElseThrow().state();
	}

	@Test
	default void aScheduledJobRunsNowAtTheEndOfItsLane() {
		JobId id = waiting();
		long other = fixture().enqueue(job("mail"));
		assertThat(operations().runNow(id)).contains(new Lane("default", 0, false));
		assertThat(state(id)).isEqualTo(JobState.READY);
		assertThat(fixture().waitingInOrder()).containsExactly(other, id.value());
	}

	@Test
	default void aReadyJobThatIsToRunNowKeepsItsPlace() {
		long first = fixture().enqueue(job("mail"));
		long second = fixture().enqueue(job("mail"));
		assertThat(operations().runNow(new JobId(first))).isPresent();
		assertThat(fixture().waitingInOrder()).containsExactly(first, second);
	}

	@Test
	default void aBlockedJobRunsNow() {
		JobId id = new JobId(fixture().enqueue(job("mail")));
		fixture().sql("update background_job_job set state = 2, blocked_by = 'circuit'").update();
		assertThat(operations().find(id).orElseThrow().reason()).isEqualTo("circuit");
		assertThat(operations().runNow(id)).isPresent();
		assertThat(state(id)).isEqualTo(JobState.READY);
	}

	@Test
	default void aRunningJobIsNotTouchedByWhatIsMeantForWaitingOnes() {
		JobId id = running();
		assertThat(operations().runNow(id)).isEmpty();
		assertThat(operations().reschedule(id, FAR)).isEmpty();
		assertThat(operations().reschedule(id, Instant.EPOCH)).isEmpty();
		assertThat(operations().end(id, WaitingJobEnd.CANCELLED, null)).isFalse();
		assertThat(state(id)).isEqualTo(JobState.RUNNING);
		assertThat(fixture().count("history")).isZero();
	}

	@Test
	default void aJobThatDoesNotExistIsNotChanged() {
		JobId id = new JobId(987_654_321);
		assertThat(operations().runNow(id)).isEmpty();
		assertThat(operations().reschedule(id, FAR)).isEmpty();
		assertThat(operations().end(id, WaitingJobEnd.DISCARDED, null)).isFalse();
		assertThat(operations().requestCancel(id)).isFalse();
		assertThat(operations().redrives().redrive(List.of(id), Audit.NONE)).isEmpty();
		assertThat(operations().discardDeadLetter(id, Audit.NONE)).isFalse();
		assertThat(operations().find(id)).isEmpty();
		assertThat(operations().deadLetter(id)).isEmpty();
	}

	@Test
	default void aReadyJobIsRescheduled() {
		JobId id = new JobId(fixture().enqueue(job("mail")));
		assertThat(operations().reschedule(id, FAR)).contains(new Lane("default", 0, false));
		JobInfo info = operations().find(id).orElseThrow();
		assertThat(info.state()).isEqualTo(JobState.SCHEDULED);
		assertThat(info.dueAt()).isEqualTo(FAR);
	}

	@Test
	default void reschedulingToThePastMeansNow() {
		JobId id = waiting();
		assertThat(operations().reschedule(id, Instant.EPOCH)).isPresent();
		assertThat(state(id)).isEqualTo(JobState.READY);
		assertThat(operations().find(id).orElseThrow().dueAt()).isAfter(Instant.EPOCH);
	}

	@Test
	default void aWaitingJobEndsWithAnEntryInTheHistory() {
		JobId cancelled = waiting();
		JobId discarded = waiting();
		assertThat(operations().end(cancelled, WaitingJobEnd.CANCELLED, null)).isTrue();
		assertThat(operations().end(discarded, WaitingJobEnd.DISCARDED, null)).isTrue();
		assertThat(operations().end(discarded, WaitingJobEnd.DISCARDED, null)).isFalse();
		assertThat(state(cancelled)).isEqualTo(JobState.CANCELLED);
		assertThat(state(discarded)).isEqualTo(JobState.DISCARDED);
		assertThat(fixture().count("job")).isZero();
	}

	@Test
	default void onlyARunningJobCanBeAskedToCancel() {
		assertThat(operations().requestCancel(waiting())).isFalse();
		assertThat(operations().requestCancel(running())).isTrue();
	}

	@Test
	default void aDeadLetterIsRedrivenOnceAsANewJob() {
		JobId id = dead();
		assertThat(operations().deadLetter(id).orElseThrow().state()).isEqualTo(DeadLetterState.OPEN);
		RedrivenLetter redriven = operations().redrives()
			.redrive(List.of(id), new Audit("alice", "it is mended"))
			.get(0);
		assertThat(redriven.lane()).isEqualTo(new Lane("default", 4, false));
		assertThat(operations().redrives().redrive(List.of(id), Audit.NONE)).isEmpty();
		assertThat(operations().discardDeadLetter(id, Audit.NONE)).isFalse();
		JobInfo job = operations().find(redriven.job()).orElseThrow();
		assertThat(job.name()).isEqualTo("mail");
		assertThat(job.state()).isEqualTo(JobState.READY);
		assertThat(job.attempts()).isZero();
		assertThat(job.payload()).isEqualTo("{\"a\":1}");
		assertThat(job.headers()).containsEntry("k", "v").hasSize(2);
		assertThat(job.redriveOf()).isEqualTo(id);
		assertThat(job.tags()).containsExactly("t");
		DeadLetter letter = operations().deadLetter(id).orElseThrow();
		assertThat(letter.isOpen()).isFalse();
		assertThat(letter.state()).isEqualTo(DeadLetterState.RETRIED);
		assertThat(letter.retriedAs()).isEqualTo(redriven.job());
		assertThat(letter.resolution().by()).isEqualTo("alice");
		assertThat(letter.resolution().why()).isEqualTo("it is mended");
		assertThat(fixture().claimOne().id()).isEqualTo(redriven.job().value());
	}

	@Test
	default void aDeadLetterIsDiscardedOnce() {
		JobId id = dead();
		assertThat(operations().discardDeadLetter(id, new Audit("bob", null))).isTrue();
		assertThat(operations().discardDeadLetter(id, Audit.NONE)).isFalse();
		assertThat(operations().redrives().redrive(List.of(id), Audit.NONE)).isEmpty();
		assertThat(state(id)).isEqualTo(JobState.DISCARDED);
		DeadLetter letter = operations().deadLetter(id).orElseThrow();
		assertThat(letter.state()).isEqualTo(DeadLetterState.DISCARDED);
		assertThat(letter.resolution().by()).isEqualTo("bob");
		assertThat(letter.resolution().why()).isNull();
	}

	@Test
	default void changesRollBackWithTheCallersTransaction() {
		JobId id = waiting();
		JobId letter = dead();
		fixture().transaction.executeWithoutResult((status) -> {
			operations().end(id, WaitingJobEnd.CANCELLED, null);
			operations().redrives().redrive(List.of(letter), Audit.NONE);
			operations().pause("default", Audit.NONE);
			operations().setConcurrency("default", 3);
			status.setRollbackOnly();
		});
		assertThat(state(id)).isEqualTo(JobState.SCHEDULED);
		assertThat(operations().deadLetter(letter).orElseThrow().isOpen()).isTrue();
		assertThat(operations().queues()).noneMatch(QueueInfo::isPaused)
			.allMatch((queue) -> queue.concurrency() == null);
	}

	@Test
	default void aReadOnlyTransactionMayLookButNotChange() {
		JobId id = waiting();
		TransactionTemplate readOnly = new TransactionTemplate(fixture().transaction.getTransactionManager());
		readOnly.setReadOnly(true);
		assertThat(Boolean.TRUE.equals(readOnly.execute((status) -> operations().find(id).isPresent()))).isTrue();
		assertThatExceptionOfType(ReadOnlyTransactionException.class)
			.isThrownBy(() -> readOnly.executeWithoutResult((status) -> operations().runNow(id)));
	}

	@Test
	default void pausingTwiceChangesTheReasonOnly() {
		operations().pause("mailers", new Audit("ann", "first"));
		QueueInfo before = operations().queues().get(0);
		operations().pause("mailers", new Audit("ann", "second"));
		QueueInfo after = operations().queues().get(0);
		assertThat(after.pausedAt()).isEqualTo(before.pausedAt());
		assertThat(after.pauseReason()).isEqualTo("second");
		assertThat(operations().resume("mailers")).isTrue();
		assertThat(operations().resume("mailers")).isFalse();
		assertThat(operations().resume("other")).isFalse();
		assertThat(operations().queues()).isEmpty();
		operations().pause("mailers", Audit.NONE);
		assertThat(operations().queues()).extracting(QueueInfo::pauseReason).containsOnlyNulls();
	}

	@Test
	default void aConcurrencyThatIsSetHoldsUntilItIsReset() {
		operations().setConcurrency("mailers", 7);
		operations().setConcurrency("mailers", 9);
		operations().setConcurrency("reports", 1);
		assertThat(fixture().stores.claimStore().concurrencyLimits().perNode())
			.isEqualTo(Map.of("mailers", 9, "reports", 1));
		assertThat(operations().queues()).extracting(QueueInfo::concurrency).containsExactly(9, 1);
		assertThat(operations().resetConcurrency("reports")).isTrue();
		assertThat(operations().resetConcurrency("reports")).isFalse();
		assertThat(operations().resetConcurrency("other")).isFalse();
		assertThat(fixture().stores.claimStore().concurrencyLimits().perNode()).isEqualTo(Map.of("mailers", 9));
		assertThat(operations().queues()).extracting(QueueInfo::name).containsExactly("mailers");
	}

	@Test
	default void pausingAndTheConcurrencyOfAQueueLeaveEachOtherAlone() {
		operations().pause("mailers", new Audit("ann", "broken"));
		operations().setConcurrency("mailers", 2);
		assertThat(operations().queues()).singleElement()
			.isEqualTo(new QueueInfo("mailers", Map.of(), null, operations().queues().get(0).pausedAt(), "broken", 2,
					"ann"));
		operations().resume("mailers");
		assertThat(fixture().stores.claimStore().concurrencyLimits().perNode()).isEqualTo(Map.of("mailers", 2));
		operations().pause("mailers", Audit.NONE);
		operations().resetConcurrency("mailers");
		assertThat(operations().queues()).singleElement().matches(QueueInfo::isPaused);
	}

	@Test
	default void queuesTellTheirDepthByStateAndTheirOldestReadyJob() {
		fixture().enqueue(3, "mail", "b");
		fixture().enqueue(2, "mail", "default");
		fixture().claimOne();
		waiting();
		operations().pause("a", new Audit("ann", "quiet"));
		List<QueueInfo> queues = operations().queues();
		assertThat(queues).extracting(QueueInfo::name).containsExactly("a", "b", "default");
		assertThat(queues.get(0).isPaused()).isTrue();
		assertThat(fixture().stores.pausedQueues()).containsExactly("a");
		assertThat(queues.get(0).depth()).isEmpty();
		assertThat(queues.get(1).depth()).isEqualTo(Map.of(JobState.READY, 3L));
		assertThat(queues.get(1).oldestReadyAt()).isNotNull();
		assertThat(queues.get(2).depth())
			.isEqualTo(Map.of(JobState.READY, 1L, JobState.RUNNING, 1L, JobState.SCHEDULED, 1L));
	}

}
