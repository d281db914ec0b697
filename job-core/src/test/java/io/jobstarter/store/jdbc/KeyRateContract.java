package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobRate;
import io.jobstarter.JobState;
import io.jobstarter.LimitKey.Kind;
import io.jobstarter.LimitKey;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.KeyTerms;
import io.jobstarter.store.RatePacer.Paced;
import io.jobstarter.store.RatePacer;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rates of keys: who gets a permit, who waits, and who goes on when permits come.
 */
interface KeyRateContract {

	AtomicLong CLAIMS = new AtomicLong(2_000_000);

	Duration HOUR = Duration.ofHours(1);

	Map<String, JobRate> THREE_AN_HOUR = Map.of("api", new JobRate(3, HOUR));

	StoreFixture fixture();

	private RatePacer pacer() {
		return fixture().stores.ratePacer();
	}

	private static LimitKey rate(String key) {
		return LimitKey.of(Kind.RATE, "api", key);
	}

	private long enqueue(LimitKey... keys) {
		return fixture().enqueue(job("mail").withKeys(List.of(keys)));
	}

	private List<Long> enqueue(int count, String key) {
		return IntStream.range(0, count).mapToObj((i) -> enqueue(rate(key))).toList();
	}

	private Claimed take(Map<String, JobRate> rates) {
		return fixture().stores.claimStore()
			.take(new ClaimRequest(ME, CLAIMS.incrementAndGet(), Set.of("mail"),
					List.of(fixture().demand("default", 100)), 100,
					new KeyTerms(Map.of("account", 1), Integer.MAX_VALUE, rates)));
	}

	private List<Long> takeIds() {
		return take(THREE_AN_HOUR).jobs().stream().map(ClaimedJob::id).toList();
	}

	private Paced release() {
		return pacer().release(THREE_AN_HOUR, 100);
	}

	private long waiting() {
		return fixture().sql("select count(*) from background_job_job where state = 3").query(Long.class).single();
	}

	@Test
	default void jobsWithoutAPermitWaitAndUseUpNoAttempt() {
		AtomicBoolean heard = new AtomicBoolean();
		pacer().listen(() -> heard.set(true));
		List<Long> jobs = enqueue(5, "acme");
		long other = enqueue(rate("other"));
		Claimed claimed = take(THREE_AN_HOUR);
		assertThat(claimed.jobs()).extracting(ClaimedJob::id)
			.containsExactly(jobs.get(0), jobs.get(1), jobs.get(2), other);
		assertThat(claimed.blocked()).isEqualTo(2);
		assertThat(heard).isTrue();
		JobInfo waits = fixture().stores.operationsStore().find(new JobId(jobs.get(3))).orElseThrow();
		assertThat(waits.state()).isEqualTo(JobState.BLOCKED);
		assertThat(waits.attempts()).isZero();
		assertThat(fixture().row(jobs.get(3))).containsEntry("blocked_by", "rate:api:acme");
		assertThat(release().untilNext()).isBetween(Duration.ofMinutes(59), HOUR);
		assertThat(waiting()).isEqualTo(2);
	}

	@Test
	default void asManyGoOnAsPermitsComeInOrderAndBeforeOthers() {
		List<Long> jobs = enqueue(8, "acme");
		takeIds();
		fixture().letRatesPass(HOUR);
		long late = enqueue(rate("acme"));
		Paced paced = release();
		assertThat(paced.lanes()).hasSize(1).allMatch((lane) -> lane.front());
		assertThat(fixture().waitingInOrder()).containsExactly(jobs.get(3), jobs.get(4), jobs.get(5), late);
		// Released once, however often a node looks.
		assertThat(release().lanes()).isEmpty();
		assertThat(takeIds()).isEqualTo(jobs.subList(3, 6));
		assertThat(waiting()).isEqualTo(3);
		fixture().letRatesPass(HOUR);
		release();
		assertThat(takeIds()).containsExactly(jobs.get(6), jobs.get(7), late);
		assertThat(waiting()).isZero();
		assertThat(release().untilNext()).isNull();
	}

	@Test
	default void permitsAreKeptForThoseThatWereLetGo() {
		List<Long> jobs = enqueue(5, "acme");
		takeIds();
		fixture().letRatesPass(HOUR);
		release();
		// Nobody waits any more, two come for their permits: one is left.
		fixture().sql("update background_job_job set priority = 5 where id = :id")
			.param("id", enqueue(rate("acme")))
			.update();
		long second = enqueue(rate("acme"));
		assertThat(takeIds()).containsExactlyInAnyOrder(jobs.get(3), jobs.get(4), second - 1);
		assertThat(waiting()).isOne();
	}

	@Test
	default void whoWasLetGoAndNeverCameIsNotWaitedForForEver() {
		List<Long> jobs = enqueue(6, "acme");
		takeIds();
		fixture().letRatesPass(HOUR);
		release();
		fixture().sql("delete from background_job_job where id in (:ids)").param("ids", jobs.subList(3, 6)).update();
		List<Long> others = enqueue(2, "acme");
		assertThat(takeIds()).isEmpty();
		assertThat(waiting()).isEqualTo(2);
		fixture().letRatesPass(HOUR);
		release();
		assertThat(takeIds()).isEqualTo(others);
	}

	@Test
	default void aPermitIsNotGivenBackWithTheJobAndNoKeyIsHeld() {
		enqueue(4, "acme");
		List<ClaimedJob> claimed = take(THREE_AN_HOUR).jobs();
		assertThat(claimed).allSatisfy((job) -> assertThat(job.keys()).isEmpty());
		claimed.forEach((job) -> fixture().settle(job, new JobOutcome.Succeeded()));
		release();
		assertThat(takeIds()).isEmpty();
		assertThat(fixture().count("key")).isZero();
	}

	@Test
	default void whoGetsNoPermitOfARateHoldsNoOtherKey() {
		enqueue(3, "acme");
		takeIds();
		LimitKey account = LimitKey.of(Kind.CONCURRENCY, "account", "acme");
		long both = enqueue(account, rate("acme"));
		long held = enqueue(account);
		assertThat(takeIds()).containsExactly(held);
		assertThat(fixture().row(both)).containsEntry("blocked_by", "rate:api:acme");
	}

	@Test
	default void whoGetsNoOtherKeyTakesNoPermitOfARate() {
		LimitKey account = LimitKey.of(Kind.CONCURRENCY, "account", "acme");
		long held = enqueue(account);
		takeIds();
		enqueue(account, rate("acme"));
		List<Long> jobs = enqueue(3, "acme");
		assertThat(takeIds()).isEqualTo(jobs);
		assertThat(held).isPositive();
	}

	@Test
	default void aRateThatChangesHoldsAtOnceForThoseThatWait() {
		List<Long> jobs = enqueue(6, "acme");
		takeIds();
		Map<String, JobRate> five = Map.of("api", new JobRate(5, HOUR));
		pacer().changed(five);
		pacer().release(five, 100);
		assertThat(take(five).jobs()).extracting(ClaimedJob::id).isEqualTo(jobs.subList(3, 5));
		Map<String, JobRate> four = Map.of("api", new JobRate(4, HOUR));
		pacer().changed(four);
		pacer().release(four, 100);
		assertThat(take(four).jobs()).isEmpty();
		assertThat(waiting()).isOne();
	}

	@Test
	default void jobsThatWaitForARateThatDoesNotKnowOfThemGoOn() {
		List<Long> jobs = enqueue(4, "acme");
		takeIds();
		fixture().sql("delete from background_job_rate").update();
		assertThat(release().untilNext()).isNull();
		assertThat(pacer().mend()).isOne();
		release();
		assertThat(takeIds()).isEqualTo(jobs.subList(3, 4));
		assertThat(pacer().mend()).isZero();
	}

}
