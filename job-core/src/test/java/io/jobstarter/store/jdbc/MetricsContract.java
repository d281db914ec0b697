package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.DeadReason;
import io.jobstarter.JobFailure;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.QueuePriority;
import io.jobstarter.WorkerInfo;
import io.jobstarter.store.DatabaseWatch.Sight;
import io.jobstarter.store.MetricsStore;
import io.jobstarter.store.MetricsStore.FleetReading;
import io.jobstarter.store.NewJob;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.job;
import static io.jobstarter.store.jdbc.StoreFixture.later;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What gauges show: numbers that cost the same however much there is.
 */
interface MetricsContract {

	StoreFixture fixture();

	private MetricsStore metrics() {
		return fixture().stores.metricsStore();
	}

	private QueueInfo queue(String name) {
		return metrics().fleet()
			.queues()
			.stream()
			.filter((queue) -> queue.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private void enqueueMany(int count, NewJob job) {
		fixture().transaction
			.executeWithoutResult((status) -> fixture().stores.enqueueStore().insert(Collections.nCopies(count, job)));
	}

	@Test
	default void whatFewJobsDoIsCounted() {
		fixture().enqueue(40, "mail", "a");
		fixture().enqueue(job("mail", "a", 7));
		fixture().enqueue(3, "mail", "default");
		fixture().claimOne();
		fixture().enqueue(later("mail", Duration.ofHours(1)));
		List<QueueInfo> queues = metrics().fleet().queues();
		assertThat(queues).extracting(QueueInfo::name).containsExactly("a", "default");
		assertThat(queues.get(0).depth()).isEqualTo(Map.of(JobState.READY, 41L));
		assertThat(queues.get(0).oldestReadyAt()).isNotNull();
		assertThat(queues.get(1).depth())
			.isEqualTo(Map.of(JobState.READY, 2L, JobState.RUNNING, 1L, JobState.SCHEDULED, 1L));
		assertThat(queues).allMatch((queue) -> queue.estimated().isEmpty());
	}

	@Test
	default void aJobThatOthersOvertakeIsSeen() {
		long low = fixture().enqueue(job("mail", "a", -5));
		fixture().enqueue(job("mail", "a", 7));
		fixture().enqueue(job("mail", "a", 0));
		fixture().enqueue(2, "mail", "b");
		fixture().sql("update background_job_job set due_at = clock_timestamp() - interval '1' hour where id = :id")
			.param("id", low)
			.update();
		fixture().claim(StoreFixture.ME, 1, Set.of("mail"), fixture().demand("a", 1));
		List<QueueInfo> queues = metrics().fleet().queues();
		assertThat(queues.get(0).priorities()).extracting(QueuePriority::priority).containsExactly(7, 0, -5);
		assertThat(queues.get(0).priorities().get(0).oldestReadyAt()).isNull();
		assertThat(queues.get(0).overtakenSince()).isNotNull()
			.isEqualTo(queues.get(0).oldestReadyAt())
			.isEqualTo(queues.get(0).priorities().get(2).oldestReadyAt());
		assertThat(queues.get(1).priorities()).isEmpty();
		assertThat(queues.get(1).overtakenSince()).isNull();
		assertThat(fixture().stores.operationsStore().countQueues()).isEqualTo(queues);
	}

	@Test
	default void aDeepQueueIsEstimatedAndCountedForThoseWhoAsk() {
		enqueueMany(6_000, job("mail", "deep", 0));
		fixture().enqueue(5, "mail", "shallow");
		assertThat(queue("shallow").depth()).isEqualTo(Map.of(JobState.READY, 5L));
		assertThat(queue("shallow").estimated()).isEmpty();
		assertThat(queue("deep").depth().get(JobState.READY)).isCloseTo(6_000, Percentage.withPercentage(25));
		assertThat(fixture().stores.operationsStore().countQueues()).filteredOn((queue) -> queue.name().equals("deep"))
			.singleElement()
			.isEqualTo(new QueueInfo("deep", Map.of(JobState.READY, 6_000L), queue("deep").oldestReadyAt(), null, null,
					null, null));
	}

	@Test
	default void manyScheduledJobsAreNeverFewerThanWereSeen() {
		enqueueMany(3_000, later("mail", Duration.ofHours(1)));
		assertThat(queue("default").depth().get(JobState.SCHEDULED)).isBetween(1_000L, 9_000L);
	}

	@Test
	default void openDeadLettersAreCountedByName() {
		fixture().enqueue(2, "mail", "default");
		fixture().enqueue(job("report"));
		fixture().claim(3)
			.forEach((job) -> fixture().settle(job,
					new JobOutcome.Dead(DeadReason.EXHAUSTED, new JobFailure("x.Y", "no", "at"))));
		assertThat(metrics().openDeadLetters()).isEqualTo(Map.of("mail", 2L, "report", 1L));
		fixture().sql("update background_job_dead_letter set resolved_at = died_at where name = 'mail'").update();
		assertThat(metrics().openDeadLetters()).isEqualTo(Map.of("report", 1L));
	}

	@Test
	default void theFleetTellsWorkersAndBreakers() {
		fixture().register(1);
		fixture().register(2);
		fixture().expire(2);
		fixture().enqueue(2, "mail", "default");
		fixture().sql("update background_job_job set state = 2, blocked_by = 'circuit:crm'").update();
		fixture().sql("""
				insert into background_job_breaker (name, state, generation, changed_by)
				values ('crm', 'OPEN', 1, 'x'), ('erp', 'FORCED_CLOSED', 1, 'x')
				""").update();
		FleetReading fleet = metrics().fleet();
		assertThat(fleet.workers()).extracting(WorkerInfo::id).containsExactly(1L);
		assertThat(fleet.parked()).isEqualTo(Map.of("crm", 2L));
		assertThat(fleet.openBreakers()).containsExactly("crm");
		assertThat(fleet.queues()).singleElement().extracting(QueueInfo::depth).isEqualTo(Map.of(JobState.BLOCKED, 2L));
	}

	@Test
	default void jobsSettledWithoutHistoryAreCounted() {
		long before = metrics().historyFailures();
		fixture().enqueue(2, "mail", "default");
		fixture().sql("alter table background_job_history rename to background_job_history_away").update();
		try {
			fixture().claim(2).forEach((job) -> fixture().settle(job, new JobOutcome.Succeeded()));
		}
		finally {
			fixture().sql("alter table background_job_history_away rename to background_job_history").update();
		}
		assertThat(metrics().historyFailures()).isEqualTo(before + 2);
	}

	@Test
	default void theWatchKnowsTheTables() {
		fixture().register(7);
		fixture().stores.databaseWatch().ifPresent((watch) -> {
			Sight sight = watch.look();
			assertThat(sight.firstWorker()).isEqualTo(7);
			assertThat(sight.tables()).anySatisfy((table) -> {
				assertThat(table.name()).isEqualTo("job");
				assertThat(table.bytes()).isPositive();
			}).anyMatch((table) -> table.name().equals("history"));
		});
	}

}
