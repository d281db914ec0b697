package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.jobstarter.Audit;
import io.jobstarter.DeadReason;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.MaintenanceStore;
import io.jobstarter.store.MaintenanceStore.Promotion;
import io.jobstarter.store.NewJob;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static io.jobstarter.store.jdbc.StoreFixture.later;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promotion and retention.
 */
interface MaintenanceContract {

	StoreFixture fixture();

	private MaintenanceStore maintenance() {
		return fixture().stores.maintenanceStore();
	}

	@Test
	default void whatIsDueGoesToTheEndOfItsLaneTheLongestDueFirst() {
		long third = fixture().enqueue(later("mail", Duration.ofMinutes(1)));
		long second = fixture().enqueue(later("mail", Duration.ofMinutes(1)));
		long notYet = fixture().enqueue(later("mail", Duration.ofMinutes(1)));
		long first = fixture().enqueue(job("mail"));
		fixture().sql("update background_job_job set due_at = clock_timestamp() - interval '2' second where id = :id")
			.param("id", second)
			.update();
		fixture().makeDue(third);
		Promotion promotion = maintenance().promote(10);
		assertThat(promotion.count()).isEqualTo(2);
		assertThat(promotion.lanes()).containsExactly(new Lane("default", 0, false));
		assertThat(promotion.nextDueIn()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));
		assertThat(fixture().waitingInOrder()).containsExactly(first, second, third).doesNotContain(notYet);
	}

	@Test
	default void promotesNoMoreThanTheLimitAndSaysThatThereMayBeMore() {
		for (int i = 0; i < 3; i++) {
			fixture().makeDue(fixture().enqueue(later("mail", Duration.ofMinutes(1))));
		}
		Promotion promotion = maintenance().promote(2);
		assertThat(promotion.count()).isEqualTo(2);
		assertThat(promotion.nextDueIn()).isZero();
		assertThat(maintenance().promote(2).count()).isOne();
	}

	@Test
	default void nothingScheduledIsNothingDue() {
		assertThat(maintenance().promote(10)).isEqualTo(new Promotion(0, Set.of(), null));
	}

	@Test
	default void aScheduledJobThatIsLockedIsPromotedLater() {
		long id = fixture().enqueue(later("mail", Duration.ofMinutes(1)));
		fixture().makeDue(id);
		fixture().whileLocked(id,
				() -> assertThat(maintenance().promote(10)).isEqualTo(new Promotion(0, Set.of(), null)));
		assertThat(maintenance().promote(10).count()).isOne();
	}

	@Test
	default void severalNodesPromoteEachJobOnce() {
		List<NewJob> jobs = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			jobs.add(later("mail", Duration.ofMinutes(1)));
		}
		fixture().stores.enqueueStore().insert(jobs);
		fixture().sql("update background_job_job set due_at = clock_timestamp() - interval '1' second").update();
		List<Integer> counts = Threads.together(4, () -> {
			int count = 0;
			while (fixture().sql("select count(*) from background_job_job where state = 1")
				.query(Long.class)
				.single() > 0) {
				count += maintenance().promote(50).count();
			}
			return count;
		});
		assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(500);
	}

	private void over(int count, JobOutcome outcome) {
		fixture().enqueue(count, "mail", "default");
		for (ClaimedJob job : fixture().claim(count)) {
			fixture().settle(job, outcome);
		}
	}

	@Test
	default void oldHistoryIsDeletedInBatches() {
		over(5, new JobOutcome.Succeeded());
		fixture().sql("update background_job_history set finished_at = clock_timestamp() - interval '8' day").update();
		over(1, new JobOutcome.Succeeded());
		assertThat(maintenance().deleteHistory(Duration.ofDays(7), 3)).isEqualTo(3);
		assertThat(maintenance().deleteHistory(Duration.ofDays(7), 3)).isEqualTo(2);
		assertThat(maintenance().deleteHistory(Duration.ofDays(7), 3)).isZero();
		assertThat(fixture().count("history")).isOne();
	}

	@Test
	default void whatBelongsToADeadLetterIsDeletedInBatchesToo() {
		over(2, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		fixture().sql("delete from background_job_failure").update();
		fixture().sql("update background_job_dead_letter set resolved_at = clock_timestamp() - interval '91' day")
			.update();
		long letter = fixture().sql("select min(job_id) from background_job_dead_letter").query(Long.class).single();
		for (int number = 1; number <= 7; number++) {
			fixture().sql(
					"insert into background_job_failure (job_id, number, worker, claim, error_class, message, stack_trace) "
							+ "values (:letter, :number, 1, 1, 'x', 'x', 'x')")
				.param("letter", letter)
				.param("number", number)
				.update();
		}
		for (long left : new long[] { 4, 1 }) {
			assertThat(maintenance().deleteResolvedDeadLetters(Duration.ofDays(90), 3)).isEqualTo(3);
			assertThat(fixture().count("failure")).isEqualTo(left);
			assertThat(fixture().count("dead_letter")).isEqualTo(2);
		}
		assertThat(maintenance().deleteResolvedDeadLetters(Duration.ofDays(90), 3)).isEqualTo(2);
		assertThat(fixture().count("failure")).isZero();
		assertThat(fixture().count("dead_letter")).isZero();
	}

	@Test
	default void openDeadLettersStayHoweverOld() {
		over(3, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		List<Long> ids = fixture().sql("select job_id from background_job_dead_letter order by job_id")
			.query(Long.class)
			.list();
		fixture().stores.operationsStore().discardDeadLetter(new JobId(ids.get(0)), Audit.NONE);
		fixture().stores.operationsStore().discardDeadLetter(new JobId(ids.get(1)), Audit.NONE);
		fixture().sql("update background_job_dead_letter set died_at = clock_timestamp() - interval '100' day")
			.update();
		fixture()
			.sql("update background_job_dead_letter set resolved_at = clock_timestamp() - interval '91' day "
					+ "where job_id = :id")
			.param("id", ids.get(0))
			.update();
		assertThat(maintenance().deleteResolvedDeadLetters(Duration.ofDays(90), 10)).isOne();
		assertThat(maintenance().deleteResolvedDeadLetters(Duration.ofDays(90), 10)).isZero();
		assertThat(
				fixture().sql("select job_id from background_job_dead_letter order by job_id").query(Long.class).list())
			.containsExactly(ids.get(1), ids.get(2));
		assertThat(fixture().sql("select job_id from background_job_failure order by job_id").query(Long.class).list())
			.containsExactly(ids.get(1), ids.get(2));
	}

	@Test
	default void failuresStayWhileTheirJobWaitsOrIsADeadLetter() {
		over(1, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		over(1, new JobOutcome.Retried(FAILURE, Duration.ofHours(1), null));
		over(2, new JobOutcome.Discarded("why", FAILURE));
		fixture().sql("update background_job_failure set failed_at = clock_timestamp() - interval '91' day").update();
		assertThat(maintenance().deleteFailures(Duration.ofDays(90), 1)).isOne();
		assertThat(maintenance().deleteFailures(Duration.ofDays(90), 10)).isOne();
		assertThat(maintenance().deleteFailures(Duration.ofDays(90), 10)).isZero();
		assertThat(fixture().count("failure")).isEqualTo(2);
	}

	@Test
	default void aRetentionThatIsLongerThanTheCalendarDeletesNothing() {
		over(1, new JobOutcome.Succeeded());
		assertThat(maintenance().deleteHistory(Duration.ofSeconds(Long.MAX_VALUE), 10)).isZero();
	}

}
