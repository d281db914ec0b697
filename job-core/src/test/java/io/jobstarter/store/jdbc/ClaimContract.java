package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import io.jobstarter.Audit;
import io.jobstarter.DueTime;
import io.jobstarter.JobId;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimStore.Held;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.QueueScope;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.demand;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Claiming.
 */
interface ClaimContract {

	Lane DEFAULT = new Lane("default", 0, false);

	StoreFixture fixture();

	@Test
	default void aClaimedJobCarriesWhatItsAttemptNeeds() {
		NewJob job = new NewJob("mail", "default", 3, DueTime.NOW, "{\"a\":1}", Map.of("k", "v"), List.of("t1", "t2"),
				null);
		long id = fixture().enqueue(job);
		ClaimedJob claimed = fixture().claimOne();
		assertThat(claimed.id()).isEqualTo(id);
		assertThat(claimed.lane()).isEqualTo(new Lane("default", 3, false));
		assertThat(claimed.fence().worker()).isEqualTo(ME);
		assertThat(claimed.payload()).isEqualTo("{\"a\":1}");
		assertThat(claimed.headers()).isEqualTo(job.headers());
		assertThat(claimed.tags()).isEqualTo(job.tags());
		assertThat(claimed.attempt()).isZero();
		assertThat(claimed.ruleCounts()).isNull();
		assertThat(claimed.claimedAt()).isAfterOrEqualTo(claimed.dueAt());
		assertThat(claimed.enqueuedAt()).isEqualTo(claimed.dueAt());
	}

	@Test
	default void claimsByPriorityThenFrontThenPosition() {
		long low = fixture().enqueue(job("mail", "default", -1));
		long normal = fixture().enqueue(job("mail", "default", 0));
		long normalLater = fixture().enqueue(job("mail", "default", 0));
		long cameBack = fixture().enqueue(job("mail", "default", 0));
		long high = fixture().enqueue(job("mail", "default", 9));
		fixture().sql("update background_job_job set front = true where id = :id").param("id", cameBack).update();
		assertThat(fixture().claim(10)).extracting(ClaimedJob::id)
			.containsExactly(high, cameBack, normal, normalLater, low);
	}

	@Test
	default void theLimitCutsTheLeastImportant() {
		long low = fixture().enqueue(job("mail", "default", 0));
		long high = fixture().enqueue(job("mail", "default", 1));
		assertThat(fixture().claim(1)).extracting(ClaimedJob::id).containsExactly(high);
		assertThat(fixture().claim(1)).extracting(ClaimedJob::id).containsExactly(low);
	}

	@Test
	default void servesQueuesInTheOrderAskedForWithinTheirLimitsAndTheTotal() {
		fixture().enqueue(5, "mail", "a");
		fixture().enqueue(5, "mail", "b");
		fixture().enqueue(5, "mail", "c");
		List<ClaimedJob> claimed = fixture().claim(ME, 6, Set.of("mail"), fixture().demand("c", 2),
				fixture().demand("a", 3), fixture().demand("b", 5));
		assertThat(claimed).extracting((job) -> job.lane().queue()).containsExactly("c", "c", "a", "a", "a", "b");
	}

	@Test
	default void theLimitOfAQueueHoldsOverItsLanes() {
		fixture().enqueue(job("mail", "a", 2));
		fixture().enqueue(job("mail", "a", 1));
		fixture().enqueue(job("mail", "a", 0));
		List<ClaimedJob> claimed = fixture().claim(ME, 10, Set.of("mail"), fixture().demand("a", 2));
		assertThat(claimed).extracting((job) -> job.lane().priority()).containsExactly(2, 1);
		assertThat(fixture().sql("select count(*) from background_job_job where worker is not null")
			.query(Long.class)
			.single()).isEqualTo(2);
	}

	@Test
	default void lanesAreReadInTheOrderGiven() {
		fixture().enqueue(job("mail", "a", 2));
		fixture().enqueue(job("mail", "a", 1));
		QueueDemand lowFirst = new QueueDemand("a", 1,
				List.of(new LaneStart(new Lane("a", 1, false), 0), new LaneStart(new Lane("a", 2, false), 0)));
		assertThat(fixture().claim(ME, 1, Set.of("mail"), lowFirst)).extracting((job) -> job.lane().priority())
			.containsExactly(1);
	}

	@Test
	default void claimsOnlyLanesThatAreAskedFor() {
		fixture().enqueue(job("mail", "default", 1));
		assertThat(fixture().claim(ME, 10, Set.of("mail"), demand(DEFAULT, 10, 0))).isEmpty();
	}

	@Test
	default void nothingIsGivenOutTwice() {
		List<Long> ids = fixture().enqueue(2_000, "mail", "default");
		AtomicLong workers = new AtomicLong(ME);
		List<List<Long>> claimed = Threads.together(8, () -> {
			long worker = workers.incrementAndGet();
			List<Long> mine = new ArrayList<>();
			List<ClaimedJob> batch = fixture().claim(worker, 7);
			while (!batch.isEmpty() || fixture().waitingInOrder().size() > 0) {
				batch.forEach((job) -> mine.add(job.id()));
				batch = fixture().claim(worker, 7);
			}
			return mine;
		});
		assertThat(claimed.stream().flatMap(List::stream)).hasSize(2_000).containsExactlyInAnyOrderElementsOf(ids);
	}

	@Test
	default void jobsThatSomebodyHasLockedAreSkipped() {
		List<Long> ids = fixture().enqueue(3, "mail", "default");
		fixture().whileLocked(ids.get(0),
				() -> assertThat(fixture().claim(1)).extracting(ClaimedJob::id).containsExactly(ids.get(1)));
		assertThat(fixture().claim(2)).extracting(ClaimedJob::id).containsExactly(ids.get(0), ids.get(2));
	}

	@Test
	default void jobsWithUnknownNamesAreLeftAloneHoweverManyStandInFront() {
		int strangers = fixture().isPostgres() ? 100_000 : 10_000;
		for (int i = 0; i < strangers; i += 5_000) {
			fixture().enqueue(5_000, "unknown", "default");
		}
		long id = fixture().enqueue(job("mail"));
		assertThat(fixture().claim(10)).extracting(ClaimedJob::id).containsExactly(id);
		assertThat(fixture().waitingInOrder()).hasSize(strangers);
	}

	@Test
	default void readsALaneFromAPosition() {
		fixture().enqueue(3, "mail", "default");
		List<Long> positions = fixture().sql("select seq from background_job_job order by seq")
			.query(Long.class)
			.list();
		List<ClaimedJob> claimed = fixture().claim(ME, 10, Set.of("mail"), demand(DEFAULT, 10, positions.get(1)));
		assertThat(claimed).extracting(ClaimedJob::position).containsExactlyElementsOf(positions.subList(1, 3));
	}

	@Test
	default void aJobThatIsCommittedLateIsFoundFromTheBeginning() {
		long[] late = new long[1];
		fixture().transaction.executeWithoutResult((status) -> {
			late[0] = fixture().enqueue(job("mail"));
			Threads.inOther(() -> {
				fixture().enqueue(job("mail"));
				assertThat(fixture().claim(10)).extracting(ClaimedJob::id).doesNotContain(late[0]).hasSize(1);
			});
		});
		long bound = fixture().sql("select max(seq) from background_job_job").query(Long.class).single();
		assertThat(fixture().claim(ME, 10, Set.of("mail"), demand(DEFAULT, 10, bound))).isEmpty();
		assertThat(fixture().claim(ME, 10, Set.of("mail"), demand(DEFAULT, 10, 0))).extracting(ClaimedJob::id)
			.containsExactly(late[0]);
	}

	@Test
	default void aPausedQueueGivesOutNothingFromItsCommitOn() {
		fixture().enqueue(2, "mail", "a");
		fixture().enqueue(1, "mail", "b");
		QueueDemand[] demands = { fixture().demand("a", 5), fixture().demand("b", 5) };
		fixture().stores.operationsStore().pause("a", new Audit("ann", "broken"));
		assertThat(fixture().claim(ME, 10, Set.of("mail"), demands)).extracting((job) -> job.lane().queue())
			.containsExactly("b");
		assertThat(fixture().stores.claimStore().lanes(QueueScope.of(Set.of("a", "b"))))
			.containsExactly(new Lane("b", 0, false));
		assertThat(fixture().stores.claimStore().lanes(new QueueScope(Set.of("b"), Set.of(""))))
			.containsExactly(new Lane("b", 0, false));
		fixture().stores.operationsStore().resume("a");
		assertThat(fixture().claim(ME, 10, Set.of("mail"), demands)).hasSize(2);
	}

	@Test
	default void findsTheLanesOfTheQueuesAskedFor() {
		fixture().enqueue(3, "mail", "a");
		fixture().enqueue(job("mail", "a", 7));
		fixture().enqueue(job("mail", "b", -7));
		fixture().enqueue(job("mail", "c", 0));
		fixture().sql("update background_job_job set front = true where priority = 7").update();
		assertThat(fixture().stores.claimStore().lanes(QueueScope.of(Set.of("a", "b", "nothing"))))
			.containsExactlyInAnyOrder(new Lane("a", 0, false), new Lane("a", 7, true), new Lane("b", -7, false));
		assertThat(fixture().stores.claimStore().lanes(QueueScope.of(Set.of()))).isEmpty();
	}

	@Test
	default void findsTheLanesOfQueuesByHowTheirNamesBegin() {
		List<String> queues = List.of("mail", "Mail", "mail-a", "mail.b", "maila", "mail_Z", "mai", "nail", "MAIL-C",
				"m");
		queues.forEach((queue) -> fixture().enqueue(job("mail", queue, 0)));
		fixture().enqueue(job("mail", "mail-a", 7));
		fixture().enqueue(job("mail", "report", 0));
		assertThat(queuesOf(Set.of("report", "unknown"), "mail-", "M")).containsExactlyInAnyOrder("mail-a", "Mail",
				"MAIL-C", "report");
		assertThat(queuesOf(Set.of(), "mail")).containsExactlyInAnyOrder("mail", "mail-a", "mail.b", "maila", "mail_Z");
		assertThat(queuesOf(Set.of("mail"), "mail", "mail_", "m")).containsExactlyInAnyOrder("mail", "mail-a", "mail.b",
				"maila", "mail_Z", "mai", "m");
		assertThat(queuesOf(Set.of(), "")).hasSize(11);
		assertThat(queuesOf(Set.of(), "mailing")).isEmpty();
		assertThat(fixture().stores.claimStore().lanes(new QueueScope(Set.of(), Set.of("mail-"))))
			.containsExactlyInAnyOrder(new Lane("mail-a", 0, false), new Lane("mail-a", 7, false));
	}

	@Test
	default void findsTheLanesOfAThousandQueues() {
		List<NewJob> jobs = new ArrayList<>();
		for (int i = 0; i < 3_000; i++) {
			jobs.add(job("mail", "tenant-" + i % 1_000, i % 3));
		}
		fixture().stores.enqueueStore().insert(jobs);
		assertThat(fixture().stores.claimStore().lanes(new QueueScope(Set.of(), Set.of("")))).hasSize(3_000);
	}

	private Set<String> queuesOf(Set<String> names, String... prefixes) {
		return fixture().stores.claimStore()
			.lanes(new QueueScope(names, Set.of(prefixes)))
			.stream()
			.map(Lane::queue)
			.collect(Collectors.toSet());
	}

	@Test
	default void damagedHeadersDoNotKeepAJobFromBeingClaimed() {
		long id = fixture().enqueue(job("mail"));
		fixture().sql("update background_job_job set headers = '{\"a\":[' where id = :id").param("id", id).update();
		assertThat(fixture().claimOne().headers()).isEmpty();
	}

	@Test
	default void asksForNothingGetsNothing() {
		fixture().enqueue(job("mail"));
		assertThat(fixture().claim(ME, 10, Set.of(), demand(DEFAULT, 10, 0))).isEmpty();
		assertThat(fixture().claim(ME, 10, Set.of("mail"), new QueueDemand[0])).isEmpty();
		assertThat(fixture().claim(ME, 0, Set.of("mail"), demand(DEFAULT, 10, 0))).isEmpty();
	}

	@Test
	default void tellsByWhichClaimJobsAreHeld() {
		fixture().enqueue(2, "mail", "default");
		ClaimedJob first = fixture().claimOne();
		ClaimedJob second = fixture().claim(ME + 1, 1).get(0);
		fixture().stores.operationsStore().requestCancel(new JobId(first.id()));
		assertThat(fixture().stores.claimStore().held(ME, List.of(first.id(), second.id(), 99L)))
			.containsExactly(Map.entry(first.id(), new Held(first.fence().claim(), true)));
		assertThat(fixture().stores.claimStore().held(ME, List.of())).isEmpty();
	}

}
