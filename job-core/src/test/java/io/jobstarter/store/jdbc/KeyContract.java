package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.jobstarter.Audit;
import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.LimitKey;
import io.jobstarter.LimitKey.Kind;
import io.jobstarter.UniqueUntil;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.ClaimedJob.Fence;
import io.jobstarter.store.KeyTerms;
import io.jobstarter.store.Lane;
import io.jobstarter.store.LimitStore;
import io.jobstarter.store.MaintenanceStore.Recovery;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.store.Settlement;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static io.jobstarter.store.jdbc.StoreFixture.later;
import static io.jobstarter.store.jdbc.StoreFixture.unique;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The permits of keys: who gets them, who waits, and who is next.
 */
interface KeyContract {

	AtomicLong CLAIMS = new AtomicLong(1_000_000);

	StoreFixture fixture();

	private static LimitKey limit(String key) {
		return LimitKey.of(Kind.CONCURRENCY, "account", key);
	}

	private static LimitKey order(String key) {
		return LimitKey.of(Kind.ORDER, "account", key);
	}

	private static LimitKey skipping(String key) {
		return LimitKey.of(Kind.ORDER_SKIPPING, "account", key);
	}

	private long enqueue(LimitKey... keys) {
		return fixture().enqueue(job("mail").withKeys(List.of(keys)));
	}

	private Claimed take(int limit, Map<String, Integer> permits) {
		return take(ME, limit, new KeyTerms(permits, Integer.MAX_VALUE));
	}

	private Claimed take(long worker, int limit, KeyTerms terms) {
		return fixture().stores.claimStore()
			.take(new ClaimRequest(worker, CLAIMS.incrementAndGet(), Set.of("mail"),
					List.of(fixture().demand("default", limit)), limit, terms));
	}

	private List<Long> takeIds(int limit, int permits) {
		return ids(take(limit, Map.of("account", permits)).jobs());
	}

	private static List<Long> ids(List<ClaimedJob> jobs) {
		return jobs.stream().map(ClaimedJob::id).toList();
	}

	private ClaimedJob takeOne() {
		return take(1, Map.of("account", 1)).jobs().get(0);
	}

	private void succeed(ClaimedJob job) {
		assertThat(fixture().settle(job, new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
	}

	private void retry(ClaimedJob job, Duration delay) {
		fixture().settle(job, new JobOutcome.Retried(FAILURE, delay, null));
	}

	private JobState stateOf(long id) {
		return fixture().stores.operationsStore().find(new JobId(id)).orElseThrow().state();
	}

	private long held() {
		return fixture().sql("select coalesce(sum(running), 0) from background_job_key").query(Long.class).single();
	}

	private Optional<Recovery> recover(int crashLimit) {
		return fixture().stores.maintenanceStore()
			.recover(Long.MIN_VALUE, StoreFixture.LEASE, crashLimit, 500, (name) -> false);
	}

	@Test
	default void asManyJobsOfAKeyRunAsItAllowsAndTheOthersWaitInOrder() {
		List<Long> jobs = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			jobs.add(enqueue(limit("1")));
		}
		Claimed claimed = take(10, Map.of("account", 2));
		assertThat(ids(claimed.jobs())).containsExactlyElementsOf(jobs.subList(0, 2));
		assertThat(claimed.blocked()).isEqualTo(3);
		assertThat(held()).isEqualTo(2);
		assertThat(stateOf(jobs.get(2))).isEqualTo(JobState.BLOCKED);
		assertThat(fixture().row(jobs.get(2)).get("blocked_by")).isEqualTo("limit:account:1");
		assertThat(takeIds(10, 2)).isEmpty();
		succeed(claimed.jobs().get(1));
		assertThat(takeIds(10, 2)).containsExactly(jobs.get(2));
		succeed(claimed.jobs().get(0));
		assertThat(takeIds(10, 2)).containsExactly(jobs.get(3));
	}

	@Test
	default void whoCameLaterDoesNotPassThoseThatWait() {
		enqueue(limit("1"));
		long waiting = enqueue(limit("1"));
		long waitingToo = enqueue(limit("1"));
		ClaimedJob first = takeOne();
		take(10, Map.of());
		succeed(first);
		long late = enqueue(limit("1"));
		Lane lane = new Lane("default", 0, false);
		assertThat(fixture().stores.claimStore()
			.take(new ClaimRequest(ME, CLAIMS.incrementAndGet(), Set.of("mail"),
					List.of(StoreFixture.demand(lane, 10, 0)), 10))
			.blocked()).isOne();
		ClaimedJob second = takeOne();
		assertThat(second.id()).isEqualTo(waiting);
		succeed(second);
		ClaimedJob third = takeOne();
		assertThat(third.id()).isEqualTo(waitingToo);
		succeed(third);
		assertThat(takeOne().id()).isEqualTo(late);
	}

	@Test
	default void keysDoNotHinderEachOther() {
		long one = enqueue(limit("1"));
		long other = enqueue(limit("2"));
		long none = enqueue();
		assertThat(takeIds(10, 1)).containsExactly(one, other, none);
	}

	@Test
	default void noPermitIsLeftWhenAllIsDone() {
		for (int i = 0; i < 20; i++) {
			enqueue(limit(Integer.toString(i % 3)));
		}
		int done = 0;
		for (List<ClaimedJob> claimed = take(10, Map.of()).jobs(); !claimed.isEmpty(); claimed = take(10, Map.of())
			.jobs()) {
			assertThat(claimed.stream().map(ClaimedJob::keys).distinct()).hasSameSizeAs(claimed);
			done += claimed.size();
			fixture().settle(true,
					claimed.stream().map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null)).toList());
		}
		assertThat(done).isEqualTo(20);
		assertThat(held()).isZero();
		assertThat(fixture().count("job")).isZero();
	}

	@Test
	default void whoSettlesLearnsWhichLanesReceivedJobs() {
		Set<Lane> heard = ConcurrentHashMap.newKeySet();
		fixture().stores.claimStore().announceTo(heard::add);
		enqueue(limit("1"));
		enqueue(limit("1"));
		ClaimedJob first = takeOne();
		take(1, Map.of());
		assertThat(heard).isEmpty();
		succeed(first);
		assertThat(heard).containsExactly(new Lane("default", 0, true));
	}

	@Test
	default void aJobRunsWhenAllOfItsKeysHaveRoomAndHoldsNoneWhileItWaits() {
		LimitKey a = LimitKey.of(Kind.CONCURRENCY, "a", "x");
		LimitKey b = LimitKey.of(Kind.CONCURRENCY, "b", "x");
		enqueue(a);
		ClaimedJob holdsA = takeOne();
		long both = enqueue(b, a);
		long onlyB = enqueue(b);
		assertThat(ids(take(1, Map.of()).jobs())).isEmpty();
		assertThat(fixture().row(both).get("blocked_by")).isEqualTo("limit:a:x");
		ClaimedJob holdsB = takeOne();
		assertThat(holdsB.id()).isEqualTo(onlyB);
		succeed(holdsA);
		assertThat(take(10, Map.of()).jobs()).isEmpty();
		assertThat(fixture().row(both).get("blocked_by")).isEqualTo("limit:b:x");
		succeed(holdsB);
		assertThat(takeOne().id()).isEqualTo(both);
		assertThat(held()).isEqualTo(2);
	}

	@Test
	default void aJobThatLacksAnotherKeyLetsTheNextOneHaveWhatItCameFor() {
		LimitKey a = LimitKey.of(Kind.CONCURRENCY, "a", "x");
		LimitKey b = LimitKey.of(Kind.CONCURRENCY, "b", "x");
		enqueue(a);
		ClaimedJob holdsA = takeOne();
		enqueue(b);
		takeOne();
		long both = enqueue(a, b);
		long next = enqueue(a);
		assertThat(take(10, Map.of()).blocked()).isEqualTo(2);
		succeed(holdsA);
		Set<Lane> heard = ConcurrentHashMap.newKeySet();
		fixture().stores.claimStore().announceTo(heard::add);
		assertThat(take(1, Map.of()).blocked()).isOne();
		assertThat(fixture().row(both).get("blocked_by")).isEqualTo("limit:b:x");
		assertThat(heard).containsExactly(new Lane("default", 0, true));
		assertThat(takeOne().id()).isEqualTo(next);
	}

	@Test
	default void whateverEndsTheClaimGivesThePermitBack() {
		List<JobOutcome> outcomes = List.of(new JobOutcome.Cancelled(), new JobOutcome.Discarded("no", null),
				new JobOutcome.Returned("shutdown"), new JobOutcome.Parked("circuit:x"),
				new JobOutcome.Retried(FAILURE, Duration.ofHours(1), null),
				new JobOutcome.Snoozed(new DueTime.In(Duration.ofHours(1))),
				new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		for (JobOutcome outcome : outcomes) {
			enqueue(limit("1"));
			ClaimedJob job = takeOne();
			assertThat(held()).isOne();
			assertThat(fixture().settle(job, outcome)).isEqualTo(Settled.DONE);
			assertThat(held()).as(outcome.toString()).isZero();
			fixture().sql("delete from background_job_job").update();
		}
	}

	@Test
	default void anOldClaimGivesNothingBack() {
		enqueue(limit("1"));
		enqueue(limit("1"));
		ClaimedJob old = takeOne();
		fixture().settle(old, new JobOutcome.Returned("shutdown"));
		ClaimedJob job = takeOne();
		assertThat(job.id()).isEqualTo(old.id());
		assertThat(fixture().settle(old, new JobOutcome.Succeeded())).isEqualTo(Settled.LOST);
		assertThat(held()).isOne();
		assertThat(take(10, Map.of()).jobs()).isEmpty();
	}

	@Test
	default void aJobWhoseRowIsLockedKeepsItsPermit() {
		enqueue(limit("1"));
		ClaimedJob job = takeOne();
		fixture().whileLocked(job.id(),
				() -> assertThat(fixture().settle(job, new JobOutcome.Succeeded())).isEqualTo(Settled.LOCKED));
		assertThat(held()).isOne();
		succeed(job);
		assertThat(held()).isZero();
	}

	@Test
	default void theCallersTransactionGivesThePermitBackWithItsJob() {
		enqueue(limit("1"));
		long next = enqueue(limit("1"));
		ClaimedJob job = takeOne();
		take(1, Map.of());
		fixture().transaction.executeWithoutResult((status) -> {
			assertThat(fixture().stores.claimStore().completeInCallersTransaction(job, true)).isTrue();
			status.setRollbackOnly();
		});
		assertThat(held()).isOne();
		assertThat(stateOf(next)).isEqualTo(JobState.BLOCKED);
		fixture().transaction.executeWithoutResult(
				(status) -> assertThat(fixture().stores.claimStore().completeInCallersTransaction(job, true)).isTrue());
		assertThat(held()).isZero();
		// On MariaDB that transaction may not see who waits, and has the sweep hurry.
		fixture().stores.keyStore().release(10);
		assertThat(takeOne().id()).isEqualTo(next);
	}

	@Test
	default void aLostClaimIsReleasedWithItsPermits() {
		long job = enqueue(limit("1"));
		long next = enqueue(limit("1"));
		Fence fence = takeOne().fence();
		take(1, Map.of());
		assertThat(fixture().stores.claimStore().release(fence.worker(), fence.claim())).isOne();
		assertThat(held()).isZero();
		assertThat(takeOne().id()).isIn(job, next);
	}

	@Test
	default void aCrashFreesThePermitWithTheLease() {
		fixture().register(ME);
		long first = enqueue(limit("1"));
		long next = enqueue(limit("1"));
		takeOne();
		take(1, Map.of());
		assertThat(recover(3)).isEmpty();
		assertThat(held()).isOne();
		fixture().expire(ME);
		Recovery recovery = recover(3).orElseThrow();
		assertThat(recovery.complete()).isTrue();
		assertThat(recovery.released()).containsExactly(new Lane("default", 0, true));
		assertThat(held()).isZero();
		assertThat(takeIds(1, 1)).containsAnyOf(first, next);
		assertThat(takeIds(1, 1)).isEmpty();
	}

	@Test
	default void anOrderRunsOneAfterTheOther() {
		long one = enqueue(order("1"));
		long two = enqueue(order("1"));
		long three = enqueue(order("1"));
		ClaimedJob first = takeOne();
		assertThat(first.id()).isEqualTo(one);
		assertThat(take(10, Map.of()).jobs()).isEmpty();
		succeed(first);
		ClaimedJob second = takeOne();
		assertThat(second.id()).isEqualTo(two);
		assertThat(take(10, Map.of()).jobs()).isEmpty();
		succeed(second);
		assertThat(takeOne().id()).isEqualTo(three);
	}

	@Test
	default void theOrderIsThatOfTheIdsWhateverTheLane() {
		long one = enqueue(order("1"));
		long urgent = fixture().enqueue(job("mail", "default", 9).withKeys(List.of(order("1"))));
		ClaimedJob first = take(10, Map.of()).jobs().get(0);
		assertThat(first.id()).isEqualTo(one);
		assertThat(stateOf(urgent)).isEqualTo(JobState.BLOCKED);
		succeed(first);
		assertThat(takeOne().id()).isEqualTo(urgent);
	}

	@Test
	default void theOthersOfAnOrderWaitWhileTheFirstWaitsForARetry() {
		long one = enqueue(order("1"));
		long two = enqueue(order("1"));
		retry(takeOne(), Duration.ofHours(1));
		assertThat(take(10, Map.of()).jobs()).isEmpty();
		assertThat(stateOf(two)).isEqualTo(JobState.BLOCKED);
		fixture().stores.keyStore().release(10);
		assertThat(take(10, Map.of()).jobs()).isEmpty();
		fixture().makeDue(one);
		fixture().stores.maintenanceStore().promote(10);
		ClaimedJob again = takeOne();
		assertThat(again.id()).isEqualTo(one);
		succeed(again);
		assertThat(takeOne().id()).isEqualTo(two);
	}

	@Test
	default void theOthersOfAnOrderGoOnIfItSkipsWhatFailed() {
		long one = enqueue(skipping("1"));
		long two = enqueue(skipping("1"));
		ClaimedJob first = takeOne();
		assertThat(take(10, Map.of()).jobs()).isEmpty();
		retry(first, Duration.ofHours(1));
		ClaimedJob second = takeOne();
		assertThat(second.id()).isEqualTo(two);
		fixture().makeDue(one);
		fixture().stores.maintenanceStore().promote(10);
		assertThat(take(10, Map.of()).jobs()).isEmpty();
		succeed(second);
		assertThat(takeOne().id()).isEqualTo(one);
	}

	@Test
	default void whatIsNotDueYetHoldsUpNoOrder() {
		long tomorrow = fixture().enqueue(later("mail", Duration.ofDays(1)).withKeys(List.of(order("1"))));
		long now = enqueue(order("1"));
		assertThat(takeOne().id()).isEqualTo(now);
		assertThat(stateOf(tomorrow)).isEqualTo(JobState.SCHEDULED);
	}

	@Test
	default void theDeathOfTheFirstLetsTheNextGo() {
		enqueue(order("1"));
		long two = enqueue(order("1"));
		ClaimedJob first = takeOne();
		take(1, Map.of());
		fixture().settle(first, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		assertThat(takeOne().id()).isEqualTo(two);
	}

	@Test
	default void aCancelledHeadLetsTheNextGoWithinASweep() {
		long one = enqueue(order("1"));
		long two = enqueue(order("1"));
		retry(takeOne(), Duration.ofHours(1));
		take(1, Map.of());
		assertThat(fixture().stores.operationsStore().end(new JobId(one), WaitingJobEnd.CANCELLED, null)).isTrue();
		assertThat(fixture().stores.keyStore().release(10)).containsExactly(new Lane("default", 0, true));
		assertThat(takeOne().id()).isEqualTo(two);
	}

	@Test
	default void aDeadLetterKeepsTheKeysForTheJobInItsPlace() {
		enqueue(order("1"), limit("2"));
		ClaimedJob dead = takeOne();
		fixture().settle(dead, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		fixture().stores.operationsStore().redrives().redrive(List.of(new JobId(dead.id())), Audit.NONE.by("me"));
		assertThat(takeOne().keys()).isEqualTo(dead.keys());
		assertThat(fixture().sql("select order_key from background_job_job").query(String.class).single())
			.isEqualTo("order:account:1");
	}

	@Test
	default void aJobThatHasNotStartedKeepsTheUniqueKeyThatItHoldsUntilThen() {
		enqueue(limit("1"));
		ClaimedJob running = takeOne();
		NewJob sync = unique("mail", "sync", UniqueUntil.STARTED).withKeys(List.of(limit("1")));
		long waiting = fixture().enqueue(sync);
		assertThat(take(1, Map.of()).blocked()).isOne();
		assertThat(fixture().insert(sync).get(0).duplicate()).isTrue();
		succeed(running);
		assertThat(takeOne().id()).isEqualTo(waiting);
		assertThat(fixture().insert(sync).get(0).duplicate()).isFalse();
	}

	@Test
	default void moreThanCanStartAreNotHeld() {
		for (int i = 0; i < 5; i++) {
			enqueue(limit(Integer.toString(i)));
		}
		assertThat(take(ME, 5, new KeyTerms(Map.of(), 2)).jobs()).hasSize(2);
		assertThat(held()).isEqualTo(2);
		assertThat(take(ME, 5, new KeyTerms(Map.of(), 5)).jobs()).hasSize(3);
	}

	@Test
	default void whatWaitsForALimitOfNoneGoesOnOnceThatIsReset() {
		long one = enqueue(limit("1"));
		long two = enqueue(limit("1"));
		LimitStore limits = fixture().stores.operationsStore().limits();
		limits.set("account", 0, Audit.NONE.by("me"));
		assertThat(takeIds(10, 2)).isEmpty();
		assertThat(fixture().stores.keyStore().release(10)).isEmpty();
		limits.reset("account");
		// How many may run, a claim of this key says first.
		assertThat(fixture().stores.keyStore().release(10)).hasSize(1);
		assertThat(takeIds(10, 2)).containsExactly(one);
		assertThat(fixture().stores.keyStore().release(10)).hasSize(1);
		assertThat(takeIds(10, 2)).containsExactly(two);
	}

	@Test
	default void aHigherLimitLetsMoreGoWithinASweep() {
		for (int i = 0; i < 4; i++) {
			enqueue(limit("1"));
		}
		assertThat(takeIds(10, 1)).hasSize(1);
		fixture().sql("update background_job_key set permits = 3").update();
		assertThat(fixture().stores.keyStore().release(10)).hasSize(1);
		assertThat(takeIds(10, 3)).hasSize(2);
	}

	@Test
	default void whatAnOperatorHasSetGoesBeforeTheCode() {
		fixture().sql("insert into background_job_limit (name, permits) values ('account', 2)").update();
		for (int i = 0; i < 4; i++) {
			enqueue(limit("1"));
		}
		assertThat(takeIds(10, 1)).hasSize(2);
	}

	@Test
	default void aCountThatIsWrongIsMended() {
		enqueue(limit("1"));
		takeOne();
		fixture().sql("update background_job_key set running = 7").update();
		assertThat(fixture().stores.keyStore().recount(Duration.ofHours(1), 10)).isZero();
		assertThat(held()).isEqualTo(7);
		assertThat(fixture().stores.keyStore().recount(Duration.ZERO, 10)).isOne();
		assertThat(held()).isOne();
	}

	@Test
	default void aWrongCountIsMendedOfAKeyThatIsUsedAllTheTime() {
		enqueue(limit("1"));
		enqueue(order("2"));
		enqueue(limit("3"));
		take(10, Map.of());
		assertThat(fixture().stores.keyStore().compare(10)).isZero();
		fixture().sql("update background_job_key set running = -1 where name = 'limit:account:1'").update();
		fixture().sql("update background_job_key set running = 0 where name = 'order:account:2'").update();
		assertThat(fixture().stores.keyStore().recount(Duration.ofHours(1), 10)).isZero();
		assertThat(fixture().stores.keyStore().compare(10)).isEqualTo(2);
		assertThat(fixture().sql("select distinct running from background_job_key").query(Long.class).list())
			.containsExactly(1L);
	}

	@Test
	default void ordersWhoseFirstWaitsForARetryAreNotInTheWayOfOthers() {
		for (String key : List.of("a", "b", "c")) {
			enqueue(order(key));
			enqueue(order(key));
		}
		List<ClaimedJob> heads = take(10, Map.of()).jobs();
		assertThat(heads).hasSize(3);
		heads.forEach((job) -> retry(job, Duration.ofHours(1)));
		ClaimedJob last = heads.get(2);
		assertThat(fixture().stores.operationsStore().end(new JobId(last.id()), WaitingJobEnd.CANCELLED, null))
			.isTrue();
		assertThat(fixture().stores.keyStore().release(1)).hasSize(1);
		assertThat(takeOne().keys()).isEqualTo(last.keys());
		assertThat(fixture().stores.keyStore().release(10)).isEmpty();
	}

	@Test
	default void keysThatNobodyCanHaveWrittenHarmNoOtherJob() {
		long planted = enqueue(limit("1"));
		fixture().sql("update background_job_job set limits = :limits").param("limits", "cx\n\no").update();
		long waits = enqueue(limit("1"));
		fixture().sql("update background_job_job set state = 3, blocked_by = 'limit:x' where id = :id")
			.param("id", waits)
			.update();
		long job = enqueue(limit("1"));
		assertThat(takeIds(10, 1)).containsExactly(planted, job);
		fixture().stores.keyStore().release(10);
		assertThat(stateOf(waits)).isEqualTo(JobState.READY);
	}

	@Test
	default void keysThatNobodyUsesAreForgotten() {
		enqueue(limit("1"));
		enqueue(limit("2"));
		enqueue(limit("2"));
		ClaimedJob one = takeOne();
		take(10, Map.of());
		succeed(one);
		assertThat(fixture().stores.keyStore().tidy(Duration.ofHours(1), 10)).isZero();
		assertThat(fixture().stores.keyStore().tidy(Duration.ZERO, 10)).isOne();
		assertThat(fixture().sql("select name from background_job_key").query(String.class).list())
			.containsExactly("limit:account:2");
	}

	@Test
	default void aKeyWhoseRowIsGoneIsFoundByTheSweep() {
		enqueue(limit("1"));
		long next = enqueue(limit("1"));
		ClaimedJob first = takeOne();
		take(10, Map.of());
		fixture().sql("delete from background_job_key").update();
		succeed(first);
		assertThat(fixture().stores.keyStore().release(10)).hasSize(1);
		assertThat(takeOne().id()).isEqualTo(next);
	}

	@Test
	default void manyNodesNeverExceedALimitAndFinishEverything() {
		int jobs = 400;
		List<NewJob> all = new ArrayList<>();
		for (int i = 0; i < jobs; i++) {
			String key = (i % 10 == 0) ? "hot" : Integer.toString(i % 40);
			all.add(job("mail").withKeys((i % 2 == 0) ? List.of(limit(key)) : List.of(limit(key), order(key))));
		}
		fixture().stores.enqueueStore().insert(all);
		Map<LimitKey, AtomicInteger> running = new ConcurrentHashMap<>();
		Map<LimitKey, AtomicLong> last = new ConcurrentHashMap<>();
		Set<String> violations = ConcurrentHashMap.newKeySet();
		AtomicInteger done = new AtomicInteger();
		AtomicLong nodes = new AtomicLong(ME);
		Threads.together(4, () -> {
			long node = nodes.incrementAndGet();
			while (done.get() < jobs) {
				Claimed claimed = take(node, 5, new KeyTerms(Map.of("account", 2), 5));
				claimed.jobs().forEach((job) -> begin(job, running, last, violations));
				claimed.jobs().forEach((job) -> job.keys().forEach((key) -> running.get(key).decrementAndGet()));
				if (!claimed.jobs().isEmpty()) {
					settleAll(claimed.jobs());
					done.addAndGet(claimed.jobs().size());
				}
				else if (claimed.blocked() == 0) {
					fixture().stores.keyStore().release(100);
				}
			}
			return node;
		});
		assertThat(violations).isEmpty();
		assertThat(done).hasValue(jobs);
		assertThat(held()).isZero();
		assertThat(fixture().count("job")).isZero();
	}

	private void settleAll(List<ClaimedJob> jobs) {
		Set<Long> open = new HashSet<>(ids(jobs));
		while (!open.isEmpty()) {
			fixture()
				.settle(false,
						jobs.stream()
							.filter((job) -> open.contains(job.id()))
							.map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null))
							.toList())
				.forEach((id, result) -> {
					if (result != Settled.LOCKED) {
						open.remove(id);
					}
				});
		}
	}

	private static void begin(ClaimedJob job, Map<LimitKey, AtomicInteger> running, Map<LimitKey, AtomicLong> last,
			Set<String> violations) {
		for (LimitKey key : job.keys()) {
			int now = running.computeIfAbsent(key, (any) -> new AtomicInteger()).incrementAndGet();
			if (now > (key.kind().isOrder() ? 1 : 2)) {
				violations.add(now + " of " + key);
			}
			if (key.kind().isOrder()
					&& last.computeIfAbsent(key, (any) -> new AtomicLong()).getAndSet(job.id()) > job.id()) {
				violations.add("out of order: " + job.id() + " of " + key);
			}
		}
	}

}
