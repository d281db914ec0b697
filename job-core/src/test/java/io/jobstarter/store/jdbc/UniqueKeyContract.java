package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.UniqueUntil;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.job;
import static io.jobstarter.store.jdbc.StoreFixture.unique;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Unique keys.
 */
interface UniqueKeyContract {

	StoreFixture fixture();

	@Test
	default void aSecondJobWithTheSameKeyIsADuplicateOfTheFirst() {
		Enqueued first = fixture().insert(unique("mail", "a", UniqueUntil.STARTED)).get(0);
		Enqueued second = fixture().insert(unique("mail", "a", UniqueUntil.STARTED)).get(0);
		Enqueued third = fixture().insert(unique("mail", "a", UniqueUntil.FINISHED)).get(0);
		assertThat(first.duplicate()).isFalse();
		assertThat(List.of(second, third)).containsOnly(new Enqueued(first.id(), true));
		assertThat(fixture().count("job")).isOne();
	}

	@Test
	default void ofTwoWithTheSameKeyInOneBatchTheFirstIsInserted() {
		List<Enqueued> enqueued = fixture().insert(unique("mail", "b", UniqueUntil.STARTED), job("other"),
				unique("mail", "a", UniqueUntil.STARTED), unique("mail", "b", UniqueUntil.STARTED), job("report"));
		assertThat(enqueued).extracting(Enqueued::duplicate).containsExactly(false, false, false, true, false);
		assertThat(enqueued.get(3).id()).isEqualTo(enqueued.get(0).id());
		assertThat(enqueued.get(1).id()).isLessThan(enqueued.get(4).id());
		assertThat(enqueued.stream().map((each) -> fixture().row(each.id().value()).get("name")).map(Objects::toString))
			.containsExactly("mail", "other", "mail", "mail", "report");
	}

	@Test
	default void aKeyUntilTheStartIsFreeOnceTheJobIsClaimed() {
		fixture().enqueue(unique("mail", "a", UniqueUntil.STARTED));
		ClaimedJob running = fixture().claimOne();
		Enqueued second = fixture().insert(unique("mail", "a", UniqueUntil.STARTED)).get(0);
		assertThat(second.duplicate()).isFalse();
		assertThat(second.id().value()).isNotEqualTo(running.id());
	}

	@Test
	default void aKeyUntilTheEndIsKeptWhileTheJobRunsAndWaitsForARetry() {
		long id = fixture().enqueue(unique("mail", "a", UniqueUntil.FINISHED));
		ClaimedJob running = fixture().claimOne();
		assertThat(fixture().insert(unique("mail", "a", UniqueUntil.FINISHED))).containsExactly(duplicateOf(id));
		fixture().settle(running, new JobOutcome.Retried(StoreFixture.FAILURE, Duration.ZERO, null));
		assertThat(fixture().insert(unique("mail", "a", UniqueUntil.FINISHED))).containsExactly(duplicateOf(id));
		fixture().stores.maintenanceStore().promote(10);
		fixture().settle(fixture().claimOne(), new JobOutcome.Succeeded());
		assertThat(fixture().insert(unique("mail", "a", UniqueUntil.FINISHED)).get(0).duplicate()).isFalse();
	}

	private static Enqueued duplicateOf(long id) {
		return new Enqueued(new JobId(id), true);
	}

	@Test
	default void cancellingFreesTheKey() {
		long id = fixture().enqueue(unique("mail", "a", UniqueUntil.FINISHED));
		fixture().stores.operationsStore().end(new JobId(id), WaitingJobEnd.CANCELLED, null);
		assertThat(fixture().insert(unique("mail", "a", UniqueUntil.FINISHED)).get(0).duplicate()).isFalse();
	}

	@Test
	default void aDuplicateDoesNotBreakTheCallersTransaction() {
		fixture().enqueue(unique("mail", "a", UniqueUntil.STARTED));
		fixture().transaction.executeWithoutResult((status) -> {
			fixture().enqueue(job("report"));
			fixture().insert(unique("mail", "a", UniqueUntil.STARTED));
			fixture().enqueue(job("other"));
		});
		assertThat(fixture().count("job")).isEqualTo(3);
	}

	@Test
	default void aRaceWhoseWinnersRollBackEndsWithOneJobIfAnybodyCommits() {
		AtomicInteger number = new AtomicInteger();
		List<Long> committed = Threads.together(64, () -> {
			boolean rollBack = number.getAndIncrement() % 2 == 0;
			return fixture().transaction.execute((status) -> {
				if (rollBack) {
					status.setRollbackOnly();
				}
				Enqueued enqueued = fixture().insert(unique("mail", "race", UniqueUntil.STARTED)).get(0);
				return rollBack ? null : enqueued.id().value();
			});
		});
		List<Long> ids = fixture().sql("select id from background_job_job").query(Long.class).list();
		assertThat(ids).hasSize(1);
		assertThat(committed.stream().filter(Objects::nonNull)).hasSize(32).containsOnly(ids.get(0));
	}

	@Test
	default void callersWithTheSameKeysInDifferentOrdersDoNotDeadlock() {
		AtomicInteger number = new AtomicInteger();
		Threads.together(4, () -> {
			int thread = number.incrementAndGet();
			for (int round = 0; round < 5; round++) {
				fixture().stores.enqueueStore().insert(shuffledKeys(round, thread));
			}
			return null;
		});
		assertThat(fixture().count("job")).isEqualTo(1_000);
	}

	private static List<NewJob> shuffledKeys(int round, int seed) {
		List<NewJob> jobs = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			jobs.add(unique("mail", round + "-" + i, UniqueUntil.STARTED));
		}
		Collections.shuffle(jobs, new Random(seed));
		return jobs;
	}

}
