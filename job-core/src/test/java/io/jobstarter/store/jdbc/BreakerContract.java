package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.jobstarter.Audit;
import io.jobstarter.BreakerInfo;
import io.jobstarter.BreakerState;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.store.BreakerChange;
import io.jobstarter.store.BreakerRow;
import io.jobstarter.store.BreakerStore;
import io.jobstarter.store.BreakerStore.Change;
import io.jobstarter.store.BreakerStore.Probe;
import io.jobstarter.store.BreakerStore.ProbeRequest;
import io.jobstarter.store.BreakerStore.Release;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.Settlement;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Circuit breakers of the fleet, and what waits for them.
 */
interface BreakerContract {

	Duration OVER = Duration.ZERO;

	Duration LONG = Duration.ofHours(1);

	StoreFixture fixture();

	private BreakerStore breakers() {
		return fixture().stores.breakerStore();
	}

	private static BreakerChange opening(Duration delay) {
		return BreakerChange.open("smtp", 1, delay, "failure rate 100 %", "node-1");
	}

	private Change open(Duration delay) {
		return breakers().open(opening(delay), Duration.ofMillis(1));
	}

	private List<Long> park(int count) {
		List<Long> ids = fixture().enqueue(count, "mail", "default");
		park(fixture().claim(count));
		return ids;
	}

	private void park(List<ClaimedJob> claimed) {
		JobOutcome parked = new JobOutcome.Parked(BreakerRow.parking("smtp"));
		assertThat(fixture().settle(true, claimed.stream().map((job) -> new Settlement(job, parked, null)).toList())
			.values()).containsOnly(Settled.DONE);
	}

	private Probe probe(long worker, int limit) {
		return breakers()
			.probe(new ProbeRequest("smtp", worker, 900, Set.of("mail"), (queue) -> true, limit, "node-2"));
	}

	private static List<Long> ids(Probe probe) {
		return probe.jobs().stream().map(ClaimedJob::id).toList();
	}

	@Test
	default void whatIsParkedIsBlockedWithItsReasonAndKeepsItsPlaceAndItsAttempts() {
		long id = fixture().enqueue(job("mail"));
		Object position = fixture().row(id).get("seq");
		park(fixture().claim(1));
		JobInfo parked = fixture().stores.operationsStore().find(new JobId(id)).orElseThrow();
		assertThat(parked.state()).isEqualTo(JobState.BLOCKED);
		assertThat(parked.reason()).isEqualTo("circuit:smtp");
		assertThat(parked.attempts()).isZero();
		assertThat(parked.worker()).isNull();
		assertThat(fixture().row(id).get("seq")).isEqualTo(position);
		assertThat(fixture().claim(1)).isEmpty();
		assertThat(fixture().count("failure")).isZero();
	}

	@Test
	default void whatSomebodyWantsCancelledIsNotParked() {
		long id = fixture().enqueue(job("mail"));
		List<ClaimedJob> claimed = fixture().claim(1);
		fixture().stores.operationsStore().requestCancel(new JobId(id));
		park(claimed);
		assertThat(fixture().stores.operationsStore().find(new JobId(id)).orElseThrow().state())
			.isEqualTo(JobState.CANCELLED);
	}

	@Test
	default void opensOnceWhoeverSaysItToo() {
		Change first = open(LONG);
		assertThat(first.made()).isTrue();
		assertThat(first.row().state()).isEqualTo(BreakerState.OPEN);
		assertThat(first.row().left()).isBetween(LONG.minusMinutes(1), LONG);
		Change second = open(OVER);
		assertThat(second.made()).isFalse();
		assertThat(second.row().generation()).isEqualTo(first.row().generation());
	}

	@Test
	default void isNotOpenedAgainByANodeThatSaysItLate() {
		Change opened = open(LONG);
		assertThat(breakers().change(BreakerChange.close("smtp", "node-1"), opened.row().generation()).made()).isTrue();
		Change late = breakers().open(opening(LONG), Duration.ofMinutes(1));
		assertThat(late.made()).isFalse();
		assertThat(late.row().state()).isEqualTo(BreakerState.CLOSED);
		fixture().sql("update background_job_breaker set changed_at = changed_at - interval '10' minute").update();
		assertThat(breakers().open(opening(LONG), Duration.ofMinutes(1)).made()).isTrue();
	}

	@Test
	default void isChangedOnlyByWhoKnowsHowItStands() {
		long generation = open(LONG).row().generation();
		BreakerChange close = BreakerChange.close("smtp", "node-1");
		assertThat(breakers().change(close, generation - 1).made()).isFalse();
		assertThat(breakers().change(close, generation).made()).isTrue();
		assertThat(breakers().change(close, generation).made()).isFalse();
		assertThat(breakers().read().breakers()).isEmpty();
	}

	@Test
	default void isBusyWhileABreakerIsNotClosedOrAJobWaits() {
		assertThat(breakers().isBusy()).isFalse();
		long generation = open(LONG).row().generation();
		assertThat(breakers().isBusy()).isTrue();
		breakers().change(BreakerChange.close("smtp", "node-1"), generation);
		assertThat(breakers().isBusy()).isFalse();
		park(2);
		assertThat(breakers().isBusy()).isTrue();
		assertThat(fixture().stores.claimStore().look(QueueScope.of(Set.of("default"))).circuits()).isTrue();
		assertThat(breakers().read().parked()).containsExactly("smtp");
	}

	@Test
	default void oneWorkerProbesWithExactlyTheOldestJobsThatItKnowsAndHolds() {
		fixture().register(ME);
		long unknown = fixture().enqueue(job("other"));
		List<Long> ids = new ArrayList<>(fixture().enqueue(4, "mail", "default"));
		park(fixture().claim(5));
		open(OVER);
		Probe probe = probe(ME, 3);
		assertThat(ids(probe)).isEqualTo(ids.subList(0, 3)).doesNotContain(unknown);
		assertThat(probe.row().isProbedBy(ME)).isTrue();
		assertThat(probe.row().proberAlive()).isTrue();
		assertThat(probe(ME + 1, 3).jobs()).isEmpty();
		assertThat(fixture().settle(probe.jobs().get(0), new JobOutcome.Succeeded())).isEqualTo(Settled.DONE);
		assertThat(ids(probe(ME, 3))).containsExactly(ids.get(3));
	}

	@Test
	default void isNotProbedBeforeItsTimeNorWithoutJobsNorInAPausedQueue() {
		fixture().register(ME);
		open(OVER);
		assertThat(probe(ME, 3).row().state()).isEqualTo(BreakerState.OPEN);
		park(1);
		fixture().stores.operationsStore().pause("default", Audit.NONE);
		assertThat(probe(ME, 3).jobs()).isEmpty();
		fixture().stores.operationsStore().resume("default");
		fixture().sql("update background_job_breaker set open_until = open_until + interval '1' hour").update();
		assertThat(probe(ME, 3).jobs()).isEmpty();
	}

	@Test
	default void aProberThatIsGoneIsReplaced() {
		fixture().register(ME);
		fixture().register(ME + 1);
		List<Long> ids = park(2);
		open(OVER);
		probe(ME, 1);
		assertThat(probe(ME + 1, 1).jobs()).isEmpty();
		fixture().expire(ME);
		assertThat(breakers().read().breakers().get(0).proberAlive()).isFalse();
		Probe replaced = probe(ME + 1, 1);
		assertThat(ids(replaced)).containsExactly(ids.get(1));
		assertThat(replaced.row().isProbedBy(ME + 1)).isTrue();
	}

	@Test
	default void isProbedThoughTheOldestAreInQueuesThatOthersServe() {
		fixture().register(ME);
		fixture().enqueue(101, "mail", "elsewhere");
		List<Long> ids = fixture().enqueue(2, "mail", "default");
		fixture().sql("update background_job_job set state = 2, blocked_by = 'circuit:smtp'").update();
		open(OVER);
		Probe probe = breakers()
			.probe(new ProbeRequest("smtp", ME, 900, Set.of("mail"), "default"::equals, 1, "node-2"));
		assertThat(ids(probe)).containsExactly(ids.get(0));
	}

	@Test
	default void aProberMayLeaveItToOthers() {
		fixture().register(ME);
		fixture().register(ME + 1);
		List<Long> ids = park(2);
		open(OVER);
		BreakerRow probed = probe(ME, 1).row();
		BreakerChange leave = BreakerChange.open("smtp", probed.openings(), Duration.ZERO, "no jobs", "node-1");
		assertThat(breakers().change(leave, probed.generation()).made()).isTrue();
		Probe next = probe(ME + 1, 1);
		assertThat(ids(next)).containsExactly(ids.get(1));
		assertThat(next.row().openings()).isEqualTo(probed.openings());
	}

	@Test
	default void isReleasedToTheFrontInItsOldOrderOnceItIsClosed() {
		List<Long> ids = park(5);
		long generation = open(LONG).row().generation();
		assertThat(breakers().release("smtp", 10)).isEqualTo(Release.NOTHING);
		breakers().change(BreakerChange.close("smtp", "node-1"), generation);
		long later = fixture().enqueue(job("mail"));
		Release first = breakers().release("smtp", 3);
		assertThat(first.count()).isEqualTo(3);
		assertThat(first.more()).isTrue();
		assertThat(first.lanes()).containsExactly(new Lane("default", 0, true));
		assertThat(breakers().release("smtp", 3).count()).isEqualTo(2);
		List<Long> order = new ArrayList<>(ids);
		order.add(later);
		assertThat(fixture().waitingInOrder()).isEqualTo(order);
		assertThat(fixture().claim(10)).extracting(ClaimedJob::id).containsExactlyElementsOf(order);
	}

	@Test
	default void whatWasReleasedAndParkedAgainKeepsItsOrder() {
		List<Long> ids = park(4);
		breakers().release("smtp", 2);
		park(fixture().claim(2));
		breakers().release("smtp", 10);
		assertThat(fixture().waitingInOrder()).isEqualTo(ids);
	}

	@Test
	default void aLockedJobIsLeftToTheNextRelease() {
		List<Long> ids = park(2);
		fixture().whileLocked(ids.get(0), () -> assertThat(breakers().release("smtp", 10).count()).isOne());
		assertThat(breakers().release("smtp", 10).count()).isOne();
	}

	@Test
	default void operatorsEndRunAndPostponeWhatWaits() {
		List<Long> ids = park(3);
		assertThat(fixture().stores.operationsStore().end(new JobId(ids.get(0)), WaitingJobEnd.CANCELLED, null))
			.isTrue();
		assertThat(fixture().stores.operationsStore().runNow(new JobId(ids.get(1)))).isPresent();
		assertThat(fixture().stores.operationsStore()
			.reschedule(new JobId(ids.get(2)), Instant.parse("2999-01-01T00:00:00Z"))).isPresent();
		assertThat(breakers().isBusy()).isFalse();
		assertThat(fixture().claim(5)).extracting(ClaimedJob::id).containsExactly(ids.get(1));
	}

	@Test
	default void operatorsSetBreakersAndSeeWhatWaits() {
		park(2);
		assertThat(fixture().stores.operationsStore().breakers())
			.containsExactly(new BreakerInfo("smtp", BreakerState.CLOSED, null, null, null, null, null, 2));
		assertThat(set(BreakerState.FORCED_OPEN)).isTrue();
		BreakerInfo forced = fixture().stores.operationsStore().breakers().get(0);
		assertThat(forced.state()).isEqualTo(BreakerState.FORCED_OPEN);
		assertThat(forced.reason()).isEqualTo("maintenance");
		assertThat(forced.changedBy()).isEqualTo("ada");
		assertThat(forced.parked()).isEqualTo(2);
		assertThat(breakers().release("smtp", 10)).isEqualTo(Release.NOTHING);
		assertThat(breakers().open(opening(LONG), OVER).made()).isFalse();
		assertThat(set(BreakerState.FORCED_CLOSED)).isTrue();
		assertThat(breakers().release("smtp", 10).count()).isEqualTo(2);
		assertThat(set(BreakerState.CLOSED)).isTrue();
		assertThat(set(BreakerState.CLOSED)).isFalse();
	}

	private boolean set(BreakerState state) {
		return fixture().stores.operationsStore().setBreaker("smtp", state, "maintenance", "ada");
	}

	@Test
	default void closesWhatNobodyProbesAndForgetsWhatIsClosed() {
		open(OVER);
		assertThat(breakers().tidy(LONG, LONG)).isZero();
		fixture().sql("update background_job_breaker set open_until = open_until - interval '2' hour").update();
		assertThat(breakers().tidy(LONG, LONG)).isOne();
		assertThat(fixture().count("breaker")).isOne();
		fixture().sql("update background_job_breaker set changed_at = changed_at - interval '2' hour").update();
		breakers().tidy(LONG, LONG);
		assertThat(fixture().count("breaker")).isZero();
	}

	@Test
	default void closesWhatItsProberHasLeftBehind() {
		fixture().register(ME);
		park(1);
		open(OVER);
		probe(ME, 1);
		fixture().sql("update background_job_breaker set changed_at = changed_at - interval '2' hour").update();
		assertThat(breakers().tidy(LONG, LONG)).isZero();
		fixture().expire(ME);
		assertThat(breakers().tidy(LONG, LONG)).isOne();
	}

}
