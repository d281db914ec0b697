package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.store.BreakerChange;
import io.jobstarter.store.BreakerStore.ProbeRequest;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.QueueScope;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shares of a queue: lanes to those who claim, and nothing at all to everybody else.
 */
interface FairShareContract {

	String QUEUE = "mail_ers";

	StoreFixture fixture();

	private OperationsStore operations() {
		return fixture().stores.operationsStore();
	}

	private long enqueue(int share) {
		return fixture().enqueue(job("mail", QUEUE, 0).withShare(share));
	}

	private static Lane lane(int share) {
		return new Lane(QUEUE, 0, false, share);
	}

	private Set<Lane> lanes() {
		return fixture().stores.claimStore().lanes(QueueScope.of(Set.of(QUEUE)));
	}

	private static QueueDemand demand(int share) {
		return new QueueDemand(QUEUE, 10, List.of(new LaneStart(lane(share), 0)), share);
	}

	private List<ClaimedJob> claim(int... shares) {
		return fixture().claim(ME, 10, Set.of("mail"),
				Arrays.stream(shares).mapToObj(FairShareContract::demand).toArray(QueueDemand[]::new));
	}

	private long dead(int share) {
		enqueue(share);
		ClaimedJob job = claim(share).get(0);
		fixture().settle(job, new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		return job.id();
	}

	@Test
	default void theSharesOfAQueueAreLanesOfIt() {
		enqueue(0);
		enqueue(7);
		enqueue(Lane.SHARES);
		fixture().enqueue(job("mail", "mailxers", 0).withShare(3));
		fixture().enqueue(job("mail", "mail_ers2", 0).withShare(3));
		assertThat(lanes()).containsExactlyInAnyOrder(lane(0), lane(7), lane(64));
		assertThat(fixture().stores.claimStore().lanes(new QueueScope(Set.of(), Set.of("mail_")))).contains(lane(0),
				lane(7), lane(64), new Lane("mail_ers2", 0, false, 3));
		assertThat(fixture().stores.claimStore().look(QueueScope.of(Set.of(QUEUE))).lanes()).isEqualTo(lanes());
	}

	@Test
	default void aClaimTakesOfEachShareWhatItIsAskedFor() {
		enqueue(7);
		enqueue(8);
		assertThat(claim(8)).singleElement().extracting(ClaimedJob::lane).isEqualTo(lane(8));
		enqueue(8);
		assertThat(claim(8, 7, 0)).extracting(ClaimedJob::lane).containsExactlyInAnyOrder(lane(7), lane(8));
	}

	@Test
	default void pausingAQueueStopsItsShares() {
		long id = enqueue(7);
		operations().pause(QUEUE, Audit.NONE);
		assertThat(lanes()).isEmpty();
		assertThat(claim(7)).isEmpty();
		operations().resume(QUEUE);
		assertThat(claim(7)).extracting(ClaimedJob::id).containsExactly(id);
	}

	@Test
	default void noProbeIsTakenFromTheSharesOfAPausedQueue() {
		enqueue(7);
		fixture().settle(claim(7).get(0), new JobOutcome.Parked("circuit:smtp"));
		operations().pause(QUEUE, Audit.NONE);
		fixture().stores.breakerStore()
			.open(BreakerChange.open("smtp", 1, Duration.ZERO, "failures", "node-1"), Duration.ofMillis(1));
		ProbeRequest request = new ProbeRequest("smtp", ME, 900, Set.of("mail"), QUEUE::equals, 1, "node-1");
		assertThat(fixture().stores.breakerStore().probe(request).jobs()).isEmpty();
		operations().resume(QUEUE);
		assertThat(fixture().stores.breakerStore().probe(request).jobs()).singleElement()
			.extracting(ClaimedJob::lane)
			.isEqualTo(lane(7));
	}

	@Test
	default void whoeverLooksSeesTheQueueAndNoShares() {
		long ready = enqueue(7);
		fixture().enqueue(job("mail", "mailxers", 0).withShare(7));
		enqueue(9);
		ClaimedJob done = claim(9).get(0);
		fixture().settle(done, new JobOutcome.Succeeded());
		enqueue(10);
		enqueue(0);
		long dead = dead(11);
		JobFilter filter = JobFilter.ALL.withQueue(QUEUE);
		assertThat(operations().find(filter, null, 10)).hasSize(5).extracting(JobInfo::queue).containsOnly(QUEUE);
		List<QueueInfo> queues = operations().queues();
		assertThat(queues).extracting(QueueInfo::name).containsExactly(QUEUE, "mailxers");
		assertThat(queues.get(0).depth()).containsOnly(Map.entry(JobState.READY, 3L));
		assertThat(operations().countQueues().get(0).depth()).isEqualTo(queues.get(0).depth());
		assertThat(fixture().stores.metricsStore().fleet().queues()).isEqualTo(queues);
		List<DeadLetter> letters = operations().deadLetters(DeadLetterFilter.OPEN.withQueue(QUEUE), null, 10);
		assertThat(letters).extracting(DeadLetter::id).containsExactly(new JobId(dead));
		assertThat(letters.get(0).queue()).isEqualTo(QUEUE);
		assertThat(operations().situations().job(new JobId(ready)).orElseThrow().lane()).isEqualTo(lane(7));
		assertThat(operations().find(JobFilter.ALL, null, 10).toString() + queues + letters).doesNotContain("#");
	}

	@Test
	default void whatIsRedrivenWaitsInItsShare() {
		long dead = dead(11);
		operations().redrives().redrive(List.of(new JobId(dead)), Audit.NONE);
		assertThat(lanes()).containsExactly(lane(11));
	}

	@Test
	default void whatComesBackWaitsInFrontOfItsShare() {
		enqueue(7);
		fixture().settle(claim(7).get(0), new JobOutcome.Returned("it had not started"));
		assertThat(lanes()).containsExactly(lane(7).toFront());
	}

}
