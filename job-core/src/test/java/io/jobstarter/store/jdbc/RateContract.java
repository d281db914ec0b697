package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.jobstarter.JobRate;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.RateStore;
import io.jobstarter.store.RateStore.RatedClaim;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How jobs of a queue with a rate are handed out.
 */
interface RateContract {

	JobRate FIVE_AN_HOUR = new JobRate(5, Duration.ofHours(1));

	StoreFixture fixture();

	private RateStore rates() {
		return fixture().stores.rateStore();
	}

	private RatedClaim claim(long claim, int limit, JobRate rate) {
		return rates().claim(new ClaimRequest(StoreFixture.ME, claim, Set.of("mail"),
				List.of(fixture().demand("default", limit)), limit), "default", rate);
	}

	private static List<Long> ids(RatedClaim claim) {
		return claim.jobs().stream().map(ClaimedJob::id).toList();
	}

	@Test
	default void aRateGivesOutAsManyJobsAsItHasPermitsInOrderAndSaysWhenTheNextComes() {
		List<Long> jobs = fixture().enqueue(8, "mail", "default");
		RatedClaim first = claim(1, 3, FIVE_AN_HOUR);
		assertThat(ids(first)).isEqualTo(jobs.subList(0, 3));
		assertThat(first.untilNext()).isZero();
		RatedClaim second = claim(2, 10, FIVE_AN_HOUR);
		assertThat(ids(second)).isEqualTo(jobs.subList(3, 5));
		assertThat(second.untilNext()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
		RatedClaim third = claim(3, 10, FIVE_AN_HOUR);
		assertThat(third.jobs()).isEmpty();
		assertThat(third.untilNext()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
		// What waits is as it was.
		assertThat(fixture().waitingInOrder()).isEqualTo(jobs.subList(5, 8));
	}

	@Test
	default void aPermitIsFreeAgainOneLengthAfterItsJobWasClaimed() {
		fixture().enqueue(8, "mail", "default");
		claim(1, 5, FIVE_AN_HOUR);
		fixture().letRatesPass(Duration.ofMinutes(59));
		assertThat(claim(2, 5, FIVE_AN_HOUR).jobs()).isEmpty();
		fixture().letRatesPass(Duration.ofMinutes(1));
		assertThat(claim(3, 5, FIVE_AN_HOUR).jobs()).hasSize(3);
	}

	@Test
	default void permitsThatFindNoJobAreNotTaken() {
		assertThat(claim(1, 5, FIVE_AN_HOUR).untilNext()).isZero();
		fixture().enqueue(1, "mail", "default");
		assertThat(claim(2, 5, FIVE_AN_HOUR).jobs()).hasSize(1);
		fixture().enqueue(9, "mail", "default");
		assertThat(claim(3, 9, FIVE_AN_HOUR).jobs()).hasSize(4);
	}

	@Test
	default void aRateThatChangesHoldsAtOnce() {
		fixture().enqueue(9, "mail", "default");
		claim(1, 9, FIVE_AN_HOUR);
		assertThat(claim(2, 9, new JobRate(7, Duration.ofHours(1))).jobs()).hasSize(2);
		assertThat(claim(3, 9, new JobRate(6, Duration.ofHours(1))).jobs()).isEmpty();
	}

	@Test
	default void jobsThatDidNotAskAreMadeUpForByOthers() {
		fixture().enqueue(9, "mail", "default");
		rates().count("default", FIVE_AN_HOUR, 2);
		assertThat(claim(1, 9, FIVE_AN_HOUR).jobs()).hasSize(3);
		rates().count("default", FIVE_AN_HOUR, 2);
		assertThat(claim(2, 9, new JobRate(6, Duration.ofHours(1))).jobs()).isEmpty();
	}

	@Test
	default void doesNotWaitForWhoeverHoldsTheRate() {
		fixture().enqueue(9, "mail", "default");
		claim(1, 1, FIVE_AN_HOUR);
		fixture().transaction.executeWithoutResult((status) -> {
			fixture().sql("select name from background_job_rate for update").query(String.class).list();
			Threads.inOther(() -> {
				RatedClaim meanwhile = claim(2, 1, FIVE_AN_HOUR);
				assertThat(meanwhile.jobs()).isEmpty();
				assertThat(meanwhile.untilNext()).isLessThan(Duration.ofSeconds(1));
			});
		});
		assertThat(claim(3, 1, FIVE_AN_HOUR).jobs()).hasSize(1);
	}

	@Test
	default void ratesThatNobodyUsesAreForgotten() {
		fixture().enqueue(1, "mail", "default");
		claim(1, 1, FIVE_AN_HOUR);
		rates().tidy(Duration.ofMinutes(1));
		assertThat(fixture().count("rate")).isOne();
		fixture().sql("update background_job_rate set touched_at = clock_timestamp() - interval '30' minute").update();
		rates().tidy(Duration.ofMinutes(1));
		assertThat(fixture().count("rate")).isOne();
		fixture().sql("update background_job_rate set touched_at = clock_timestamp() - interval '61' minute").update();
		rates().tidy(Duration.ofMinutes(1));
		assertThat(fixture().count("rate")).isZero();
	}

	// Four nodes; all times are the database's.
	@Test
	default void nodesTogetherNeverStartMoreThanARateAllowsInAnyWindow() {
		JobRate rate = new JobRate(10, Duration.ofMillis(200));
		fixture().enqueue(60, "mail", "default");
		ConcurrentLinkedQueue<Instant> starts = new ConcurrentLinkedQueue<>();
		AtomicLong claims = new AtomicLong();
		List<CompletableFuture<Void>> nodes = new ArrayList<>(
				IntStream.range(0, 4).mapToObj((node) -> CompletableFuture.runAsync(() -> {
					while (starts.size() < 60) {
						claim(claims.incrementAndGet(), 1 + node, rate).jobs()
							.forEach((job) -> starts.add(job.claimedAt()));
					}
				})).toList());
		nodes.forEach(CompletableFuture::join);
		List<Instant> sorted = starts.stream().sorted().toList();
		assertThat(sorted).hasSize(60);
		for (int i = 10; i < sorted.size(); i++) {
			assertThat(Duration.between(sorted.get(i - 10), sorted.get(i))).isGreaterThanOrEqualTo(rate.per());
		}
	}

}
