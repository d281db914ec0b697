package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.jobstarter.AttemptFailure;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.Settlement;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each outcome does to the tables.
 */
interface SettleContract {

	StoreFixture fixture();

	private ClaimedJob running() {
		fixture()
			.enqueue(new NewJob("mail", "default", 0, DueTime.NOW, "{\"a\":1}", Map.of("k", "v"), List.of("t"), null));
		return fixture().claimOne();
	}

	private JobInfo find(ClaimedJob job) {
		return fixture().stores.operationsStore().find(new JobId(job.id())).orElseThrow();
	}

	@Test
	default void aJobThatSucceededMovesToTheHistory() {
		ClaimedJob job = running();
		assertThat(fixture().settle(job, new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
		JobInfo info = find(job);
		assertThat(info.state()).isEqualTo(JobState.SUCCEEDED);
		assertThat(info.worker()).isEqualTo(ME);
		assertThat(info.attempts()).isZero();
		assertThat(info.tags()).containsExactly("t");
		assertThat(info.startedAt()).isEqualTo(job.claimedAt());
		assertThat(info.finishedAt()).isAfterOrEqualTo(job.claimedAt());
		assertThat(info.payload()).isNull();
		assertThat(fixture().count("job")).isZero();
	}

	@Test
	default void withoutHistoryAJobThatSucceededIsGone() {
		ClaimedJob job = running();
		assertThat(fixture().settle(false, new Settlement(job, new JobOutcome.Succeeded(), null)))
			.containsExactly(Map.entry(job.id(), Settled.DONE));
		assertThat(fixture().count("job")).isZero();
		assertThat(fixture().count("history")).isZero();
	}

	@Test
	default void aDiscardedJobKeepsItsReasonAndFailure() {
		ClaimedJob job = running();
		fixture().settle(job, new JobOutcome.Discarded("user is gone", FAILURE));
		assertThat(find(job).state()).isEqualTo(JobState.DISCARDED);
		assertThat(find(job).reason()).isEqualTo("user is gone");
		assertThat(find(job).attempts()).isOne();
		assertThat(fixture().stores.operationsStore().failures(new JobId(job.id()), 10))
			.extracting(AttemptFailure::failure)
			.containsExactly(FAILURE);
	}

	@Test
	default void aCancelledJobIsOver() {
		ClaimedJob job = running();
		fixture().settle(job, new JobOutcome.Cancelled());
		assertThat(find(job).state()).isEqualTo(JobState.CANCELLED);
		assertThat(fixture().count("job")).isZero();
	}

	@Test
	default void aRetryIsScheduledByTheDatabasesClockWithOneMoreAttempt() {
		ClaimedJob job = running();
		Duration delay = Duration.ofMinutes(10);
		fixture().settle(true, new Settlement(job, new JobOutcome.Retried(FAILURE, delay, "io"), "io=1"));
		JobInfo info = find(job);
		assertThat(info.state()).isEqualTo(JobState.SCHEDULED);
		assertThat(info.attempts()).isOne();
		assertThat(info.worker()).isNull();
		assertThat(info.startedAt()).isNull();
		assertThat(info.dueAt()).isBetween(job.claimedAt().plus(delay), job.claimedAt().plus(delay.multipliedBy(2)));
		AttemptFailure failure = fixture().stores.operationsStore().failures(new JobId(job.id()), 10).get(0);
		assertThat(failure.number()).isOne();
		assertThat(failure.worker()).isEqualTo(ME);
		assertThat(failure.failure()).isEqualTo(FAILURE);
	}

	@Test
	default void theNextAttemptKnowsWhatTheRetryRulesHaveDecided() {
		ClaimedJob job = running();
		fixture().settle(true, new Settlement(job, new JobOutcome.Retried(FAILURE, Duration.ZERO, "io"), "io=1"));
		fixture().stores.maintenanceStore().promote(10);
		ClaimedJob second = fixture().claimOne();
		assertThat(second.attempt()).isOne();
		assertThat(second.ruleCounts()).isEqualTo("io=1");
		fixture().settle(second, new JobOutcome.Snoozed(DueTime.NOW));
		fixture().stores.maintenanceStore().promote(10);
		assertThat(fixture().claimOne().ruleCounts()).isEqualTo("io=1");
	}

	@Test
	default void aDeadJobBecomesADeadLetterWithEverythingItHad() {
		ClaimedJob first = running();
		fixture().settle(first, new JobOutcome.Retried(FAILURE, Duration.ZERO, null));
		fixture().stores.maintenanceStore().promote(10);
		ClaimedJob job = fixture().claimOne();
		assertThat(fixture().settle(job, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE))).isEqualTo(Settled.DONE);
		DeadLetter letter = fixture().stores.operationsStore().deadLetter(new JobId(job.id())).orElseThrow();
		List<AttemptFailure> failures = fixture().stores.operationsStore().failures(new JobId(job.id()), 10);
		assertThat(failures).extracting(AttemptFailure::number).containsExactly(1, 2);
		assertThat(letter.reason()).isEqualTo(DeadReason.EXHAUSTED);
		assertThat(letter.attempts()).isEqualTo(2);
		assertThat(letter.failure()).isEqualTo(FAILURE);
		assertThat(letter.firstFailedAt()).isEqualTo(failures.get(0).failedAt());
		assertThat(letter.payload()).isEqualTo("{\"a\":1}");
		assertThat(letter.headers()).isEqualTo(Map.of("k", "v"));
		assertThat(letter.tags()).containsExactly("t");
		assertThat(letter.worker()).isEqualTo(ME);
		assertThat(letter.isOpen()).isTrue();
		assertThat(letter.fingerprint()).matches("[0-9a-f]{16}");
		assertThat(letter.callback()).isNull();
		assertThat(find(job).state()).isEqualTo(JobState.DEAD);
		assertThat(fixture().count("job")).isZero();
		assertThat(fixture().count("history")).isZero();
	}

	@Test
	default void anUnreadableJobUsesUpNoAttempt() {
		ClaimedJob job = running();
		fixture().settle(job, new JobOutcome.Dead(DeadReason.UNREADABLE, FAILURE));
		DeadLetter letter = fixture().stores.operationsStore().deadLetter(new JobId(job.id())).orElseThrow();
		assertThat(letter.attempts()).isZero();
		assertThat(letter.reason()).isEqualTo(DeadReason.UNREADABLE);
	}

	@Test
	default void aSnoozedJobUsesUpNoAttempt() {
		ClaimedJob job = running();
		Instant at = Instant.parse("2199-01-01T00:00:00Z");
		fixture().settle(job, new JobOutcome.Snoozed(new DueTime.At(at)));
		assertThat(find(job).state()).isEqualTo(JobState.SCHEDULED);
		assertThat(find(job).dueAt()).isEqualTo(at);
		assertThat(find(job).attempts()).isZero();
		assertThat(fixture().count("failure")).isZero();
	}

	@Test
	default void returnedJobsGoToTheFrontInTheirOldOrderAtNewPositions() {
		List<Long> ids = fixture().enqueue(4, "mail", "default");
		List<ClaimedJob> jobs = fixture().claim(3);
		fixture().settle(true,
				jobs.stream()
					.sorted((a, b) -> Long.compare(b.id(), a.id()))
					.map((job) -> new Settlement(job, new JobOutcome.Returned("shutdown"), null))
					.toList());
		assertThat(fixture().waitingInOrder()).isEqualTo(ids);
		List<ClaimedJob> again = fixture().claim(4);
		assertThat(again).extracting(ClaimedJob::id).isEqualTo(ids);
		assertThat(again.subList(0, 3)).allMatch((job) -> job.lane().front() && job.attempt() == 0);
		assertThat(again.subList(0, 3)).allMatch((job) -> job.position() > again.get(3).position());
	}

	@Test
	default void returnedOnceMoreTheyStillStandInTheirOldOrder() {
		List<Long> ids = fixture().enqueue(4, "mail", "default");
		fixture().settle(true,
				fixture().claim(2)
					.stream()
					.map((job) -> new Settlement(job, new JobOutcome.Returned("no permission"), null))
					.toList());
		fixture().settle(true,
				fixture().claim(4)
					.stream()
					.map((job) -> new Settlement(job, new JobOutcome.Returned("no permission"), null))
					.toList());
		assertThat(fixture().waitingInOrder()).isEqualTo(ids);
	}

	@Test
	default void whoeverWantsAJobCancelledIsObeyedWhateverTheOutcomeAsksFor() {
		for (JobOutcome outcome : List.of(new JobOutcome.Retried(FAILURE, Duration.ZERO, null),
				new JobOutcome.Snoozed(DueTime.NOW), new JobOutcome.Returned("shutdown"))) {
			ClaimedJob job = running();
			assertThat(fixture().stores.operationsStore().requestCancel(new JobId(job.id()))).isTrue();
			assertThat(fixture().settle(job, outcome)).isEqualTo(Settled.DONE);
			assertThat(find(job).state()).as(outcome.label()).isEqualTo(JobState.CANCELLED);
		}
		assertThat(fixture().count("job")).isZero();
	}

	@Test
	default void aJobThatSucceedsThoughItIsToBeCancelledHasSucceeded() {
		ClaimedJob job = running();
		fixture().stores.operationsStore().requestCancel(new JobId(job.id()));
		fixture().settle(job, new JobOutcome.Succeeded());
		assertThat(find(job).state()).isEqualTo(JobState.SUCCEEDED);
	}

	@Test
	default void anAttemptIsRecordedOnceItsEndIsWritten() {
		for (JobOutcome outcome : List.of(new JobOutcome.Succeeded(), new JobOutcome.Cancelled(),
				new JobOutcome.Retried(FAILURE, Duration.ofHours(1), null),
				new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE))) {
			ClaimedJob job = running();
			assertThat(fixture().stores.claimStore().isRecorded(job)).isFalse();
			fixture().settle(job, outcome);
			assertThat(fixture().stores.claimStore().isRecorded(job)).as(outcome.label()).isTrue();
		}
	}

	@Test
	default void anotherAttemptOfTheSameJobIsNotRecorded() {
		ClaimedJob first = running();
		fixture().settle(first, new JobOutcome.Retried(FAILURE, Duration.ZERO, null));
		fixture().stores.maintenanceStore().promote(10);
		assertThat(fixture().stores.claimStore().isRecorded(fixture().claimOne())).isFalse();
	}

	@Test
	default void failuresAreListedOldestFirstAndTheLatestOnly() {
		fixture().enqueue(job("mail"));
		for (int i = 0; i < 5; i++) {
			fixture().settle(fixture().claimOne(), new JobOutcome.Retried(FAILURE, Duration.ZERO, null));
			fixture().stores.maintenanceStore().promote(10);
		}
		JobId id = new JobId(fixture().claimOne().id());
		assertThat(fixture().stores.operationsStore().failures(id, 3)).extracting(AttemptFailure::number)
			.containsExactly(3, 4, 5);
	}

}
