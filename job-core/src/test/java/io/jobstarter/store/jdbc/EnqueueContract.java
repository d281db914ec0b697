package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.UniqueUntil;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.NewJob;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * Enqueueing, without unique keys.
 */
interface EnqueueContract {

	StoreFixture fixture();

	@Test
	default void keepsEverythingThatAJobIsMadeOf() {
		NewJob job = new NewJob("mail", "mailers", -5, DueTime.NOW, "{\"to\":\"Zoë 😀\"}",
				Map.of("traceparent", "00-\"1\",\n2"), List.of("tenant:7", "slow"), null);
		long id = fixture().enqueue(job);
		JobInfo info = fixture().stores.operationsStore().find(new JobId(id)).orElseThrow();
		assertThat(info.name()).isEqualTo("mail");
		assertThat(info.queue()).isEqualTo("mailers");
		assertThat(info.priority()).isEqualTo(-5);
		assertThat(info.state()).isEqualTo(JobState.READY);
		assertThat(info.payload()).isEqualTo(job.payload());
		assertThat(info.headers()).isEqualTo(job.headers());
		assertThat(info.tags()).containsExactly("tenant:7", "slow");
	}

	@Test
	default void idsAscendInTheOrderGiven() {
		List<NewJob> jobs = new ArrayList<>();
		for (int i = 0; i < 2_000; i++) {
			jobs.add(new NewJob("mail", "default", 0, DueTime.NOW, "{\"i\":" + i + "}", Map.of(), List.of(), null));
		}
		List<Enqueued> enqueued = fixture().stores.enqueueStore().insert(jobs);
		assertThat(enqueued).extracting(Enqueued::id).isSorted().doesNotHaveDuplicates();
		assertThat(fixture().sql("select payload from background_job_job order by id").query(String.class).list())
			.isEqualTo(jobs.stream().map(NewJob::payload).toList());
		assertThat(fixture().sql("select payload from background_job_job order by seq").query(String.class).list())
			.isEqualTo(jobs.stream().map(NewJob::payload).toList());
	}

	@Test
	default void aRollbackLeavesNothing() {
		fixture().transaction.executeWithoutResult((status) -> {
			fixture().enqueue(StoreFixture.job("mail"));
			status.setRollbackOnly();
		});
		assertThat(fixture().count("job")).isZero();
	}

	@Test
	default void othersSeeAJobAfterTheCommitOnly() {
		fixture().transaction.executeWithoutResult((status) -> {
			fixture().enqueue(StoreFixture.job("mail"));
			Threads.inOther(() -> assertThat(fixture().claim(1)).isEmpty());
		});
		assertThat(fixture().claim(1)).hasSize(1);
	}

	@Test
	default void aJobThatIsDueLaterIsScheduledByTheDatabasesClock() {
		long id = fixture().enqueue(StoreFixture.later("mail", Duration.ofHours(2)));
		JobInfo info = fixture().stores.operationsStore().find(new JobId(id)).orElseThrow();
		assertThat(info.state()).isEqualTo(JobState.SCHEDULED);
		assertThat(Duration.between(info.enqueuedAt(), info.dueAt())).isEqualTo(Duration.ofHours(2));
	}

	@Test
	default void anInstantThatHasPassedMeansAtOnce() {
		NewJob past = new NewJob("mail", "default", 0, new DueTime.At(Instant.MIN), "{}", Map.of(), List.of(), null);
		JobInfo info = fixture().stores.operationsStore().find(new JobId(fixture().enqueue(past))).orElseThrow();
		assertThat(info.state()).isEqualTo(JobState.READY);
		assertThat(info.dueAt()).isEqualTo(info.enqueuedAt());
	}

	@Test
	default void anInstantInTheFutureIsKept() {
		Instant at = Instant.parse("2187-03-04T05:06:07.123456Z");
		NewJob future = new NewJob("mail", "default", 0, new DueTime.At(at), "{}", Map.of(), List.of(), null);
		NewJob never = new NewJob("mail", "default", 0, new DueTime.At(Instant.MAX), "{}", Map.of(), List.of(), null);
		List<Enqueued> enqueued = fixture().insert(future, never);
		assertThat(fixture().stores.operationsStore().find(enqueued.get(0).id()).orElseThrow().dueAt()).isEqualTo(at);
		assertThat(fixture().stores.operationsStore().find(enqueued.get(1).id()).orElseThrow().state())
			.isEqualTo(JobState.SCHEDULED);
	}

	@Test
	default void timeMovesInsideALongTransaction() {
		Instant[] times = fixture().transaction.execute((status) -> {
			Instant first = enqueuedAt(fixture().enqueue(StoreFixture.job("mail")));
			Instant[] second = new Instant[1];
			await().pollInSameThread()
				.until(() -> (second[0] = enqueuedAt(fixture().enqueue(StoreFixture.job("mail")))).isAfter(first));
			return new Instant[] { first, second[0] };
		});
		assertThat(times[0]).isBefore(times[1]).isCloseTo(times[1], within(1, ChronoUnit.MINUTES));
	}

	private Instant enqueuedAt(long id) {
		return fixture().stores.operationsStore().find(new JobId(id)).orElseThrow().enqueuedAt();
	}

	@Test
	default void insertsUnderIdsThatWereReserved() {
		EnqueueStore store = fixture().stores.enqueueStore();
		List<Long> ids = store.reserveIds(3);
		assertThat(ids).isSorted().doesNotHaveDuplicates();
		long inBetween = fixture().enqueue(StoreFixture.job("other"));
		assertThat(inBetween).isGreaterThan(ids.get(2));
		List<Enqueued> enqueued = store.insert(List.of(StoreFixture.job("a").withId(ids.get(0)),
				StoreFixture.unique("b", "key", UniqueUntil.FINISHED).withId(ids.get(1)),
				StoreFixture.later("c", Duration.ofHours(1)).withId(ids.get(2))));
		assertThat(enqueued).extracting((job) -> job.id().value()).isEqualTo(ids);
		assertThat(fixture().sql("select name from background_job_job order by id").query(String.class).list())
			.containsExactly("a", "b", "c", "other");
		assertThat(store.reserveIds(1).get(0)).isGreaterThan(inBetween);
	}

	@Test
	default void aReservedIdIsNotUsedWhereTheUniqueKeyIsTaken() {
		EnqueueStore store = fixture().stores.enqueueStore();
		NewJob job = StoreFixture.unique("mail", "key", UniqueUntil.FINISHED);
		long holder = fixture().enqueue(job);
		List<Enqueued> enqueued = store.insert(List.of(job.withId(store.reserveIds(1).get(0))));
		assertThat(enqueued).containsExactly(new Enqueued(new JobId(holder), true));
		assertThat(fixture().count("job")).isOne();
	}

	@Test
	default void reservesIdsApartFromTheCallersTransaction() {
		EnqueueStore store = fixture().stores.enqueueStore();
		List<Long> reserved = new ArrayList<>();
		fixture().transaction.executeWithoutResult((status) -> {
			reserved.addAll(store.reserveIds(1_000));
			assertThat(fixture().count("job")).isZero();
			status.setRollbackOnly();
		});
		assertThat(reserved).hasSize(1_000);
		assertThat(store.reserveIds(1).get(0)).isGreaterThan(reserved.get(999));
	}

	@Test
	default void knowsWhetherAnInsertIsPartOfATransaction() {
		EnqueueStore store = fixture().stores.enqueueStore();
		assertThat(store.isInTransaction()).isFalse();
		fixture().transaction.executeWithoutResult((status) -> assertThat(store.isInTransaction()).isTrue());
		TransactionTemplate foreign = new TransactionTemplate(
				new DataSourceTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:foreign")));
		foreign.executeWithoutResult((status) -> {
			assertThat(store.isInTransaction()).isFalse();
			// Lends the connection to this thread, to the end of that transaction.
			assertThat(fixture().count("job")).isZero();
			assertThat(store.isInTransaction()).isFalse();
			fixture().transaction.executeWithoutResult((inner) -> assertThat(store.isInTransaction()).isTrue());
		});
	}

	@Test
	default void aReadOnlyTransactionIsATypedError() {
		TransactionTemplate readOnly = new TransactionTemplate(fixture().transaction.getTransactionManager());
		readOnly.setReadOnly(true);
		assertThatExceptionOfType(ReadOnlyTransactionException.class)
			.isThrownBy(() -> readOnly.executeWithoutResult((status) -> fixture().enqueue(StoreFixture.job("mail"))));
		assertThat(fixture().count("job")).isZero();
	}

	@Test
	default void nothingToInsertIsNothing() {
		assertThat(fixture().insert()).isEmpty();
	}

}
