package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import io.jobstarter.JobRate;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.RateStore;
import io.jobstarter.store.RateStore.RatedClaim;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QueueRatesTests {

	private static final Duration ANY = Duration.ofSeconds(30);

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);

	private RatedClaim next = new RatedClaim(Claimed.NOTHING, Duration.ZERO);

	private final QueueRates rates = new QueueRates(Map.of("mail", new JobRate(5, Duration.ofSeconds(10))),
			new RateStore() {

				@Override
				public RatedClaim claim(ClaimRequest request, String entry, JobRate rate) {
					return QueueRatesTests.this.next;
				}

				@Override
				public void count(String entry, JobRate rate, int jobs) {
				}

				@Override
				public void tidy(Duration unusedFor) {
				}

			}, this.nanos::get);

	private void claimThatLearns(Duration untilNext) {
		this.next = new RatedClaim(Claimed.NOTHING, untilNext);
		this.rates.claim(null, new ClaimRequest(1, 1, Set.of("a"), List.of(), 3), "mail");
	}

	@Test
	void asksForNothingUntilPermitsAreFreeAndLooksAgainThen() {
		assertThat(this.rates.mayClaim("mail")).isTrue();
		claimThatLearns(Duration.ofSeconds(2));
		this.rates.beginRound();
		assertThat(this.rates.mayClaim("mail")).isFalse();
		assertThat(this.rates.mayClaim("other")).isTrue();
		assertThat(this.rates.wait(ANY)).isEqualTo(Duration.ofSeconds(2));
		assertThat(this.rates.wait(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(1));
		this.nanos.addAndGet(Duration.ofSeconds(2).toNanos());
		this.rates.beginRound();
		assertThat(this.rates.mayClaim("mail")).isTrue();
		assertThat(this.rates.wait(ANY)).isEqualTo(ANY);
		assertThat(this.rates.limited("mail")).isOne();
	}

	@Test
	void doesNotWakeForAQueueThatHasNoJobs() {
		claimThatLearns(Duration.ofSeconds(2));
		this.rates.beginRound();
		assertThat(this.rates.wait(ANY)).isEqualTo(ANY);
	}

	@Test
	void goesOnAtOnceWhilePermitsAreLeft() {
		claimThatLearns(Duration.ZERO);
		assertThat(this.rates.mayClaim("mail")).isTrue();
		assertThat(this.rates.limited("mail")).isZero();
	}

}
