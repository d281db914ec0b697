package io.jobstarter.worker;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PrefetchTests {

	private static final long MILLI = 1_000_000;

	private final Prefetch prefetch = new Prefetch();

	private void ran(int times, long nanos) {
		IntStream.range(0, times).forEach((i) -> this.prefetch.ran("a", nanos, 100));
	}

	@Test
	void claimsNothingAheadWhileItDoesNotKnowHowLongJobsTake() {
		assertThat(this.prefetch.ahead("a", 100)).isZero();
	}

	@Test
	void claimsAheadWhatTheSlotsDoWithinTheHorizon() {
		ran(1, 5 * MILLI);
		assertThat(this.prefetch.ahead("a", 1)).isEqualTo(10);
		assertThat(this.prefetch.ahead("a", 8)).isEqualTo(80);
		assertThat(this.prefetch.ahead("b", 8)).isZero();
	}

	@Test
	void claimsNothingAheadOfJobsThatTakeLongerThanTheHorizon() {
		ran(1, 51 * MILLI);
		assertThat(this.prefetch.ahead("a", 1)).isZero();
		ran(1, 10_000 * MILLI);
		assertThat(this.prefetch.ahead("a", 8)).isZero();
	}

	@Test
	void neverClaimsMoreAheadThanItsBound() {
		ran(1, 0);
		assertThat(this.prefetch.ahead("a", 10_000)).isEqualTo(Prefetch.MOST);
	}

	@Test
	void claimsFewAheadWhosePayloadsAreLarge() {
		this.prefetch.ran("a", 0, 64_000);
		assertThat(this.prefetch.ahead("a", 10_000)).isEqualTo(62);
	}

	@Test
	void forgetsAFirstAttemptThatLoadedClasses() {
		ran(1, 1_000 * MILLI);
		ran(30, MILLI);
		assertThat(this.prefetch.ahead("a", 1)).isGreaterThan(30);
	}

	@Test
	void aSingleSlowAttemptAmongShortOnesCountsLittle() {
		ran(1, MILLI);
		ran(1, 17 * MILLI);
		assertThat(this.prefetch.ahead("a", 1)).isEqualTo(25);
	}

	@Test
	void claimsNothingAheadAfterJobsHaveWaitedInVain() {
		ran(100, MILLI);
		this.prefetch.stalled("a");
		assertThat(this.prefetch.ahead("a", 8)).isZero();
		this.prefetch.stalled("b");
		assertThat(this.prefetch.ahead("b", 8)).isZero();
	}

}
