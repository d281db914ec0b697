package io.jobstarter.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.jobstarter.store.Lane;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LaneBoundsTests {

	private static final Lane LANE = new Lane("default", 0, false);

	private static final Duration CHEAP = Duration.ofMillis(1);

	private static final Duration EXPENSIVE = Duration.ofSeconds(60);

	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);

	private final LaneBounds bounds = new LaneBounds(this.nanoTime::get);

	@Test
	void beginsWithASweepOfEverythingAndGoesOnWhereTheLaneHasBeenClaimed() {
		round(CHEAP);
		this.bounds.claimed(LANE, 41);
		this.bounds.claimed(LANE, 12);
		drainBudgets(CHEAP);
		assertThat(start()).isEqualTo(42);
	}

	@Test
	void sweepsFromTheBeginningInOnePercentOfTheTime() {
		claimUpTo(41);
		pass(Duration.ofMillis(98));
		assertThat(start()).isEqualTo(41);
		assertThat(this.bounds.untilDeeperSweep()).isEqualTo(Duration.ofMillis(1));
		pass(Duration.ofMillis(1));
		assertThat(start()).isZero();
		assertThat(this.bounds.untilDeeperSweep()).isGreaterThan(Duration.ofMinutes(1));
	}

	@Test
	void pausesForHalfAMinuteAtMostHoweverLongASweepTook() {
		claimUpTo(41);
		pass(Duration.ofMillis(99));
		round(EXPENSIVE);
		pass(Duration.ofSeconds(30));
		assertThat(start()).isZero();
	}

	// What was drawn a second ago may be committed only now.
	@Test
	void sweepsMostOftenNotAboveWhatWasDrawnWithinTheLastSecond() {
		claimUpTo(0);
		int sweeps = 0;
		for (int tenths = 1; tenths <= 300; tenths++) {
			pass(Duration.ofMillis(100));
			long from = start();
			this.bounds.spent(((from < tenths - 30) ? EXPENSIVE : CHEAP).toNanos());
			assertThat(from).isLessThanOrEqualTo(Math.max(1, tenths - 9));
			sweeps += (from >= tenths - 30) ? 1 : 0;
			this.bounds.claimed(LANE, tenths);
		}
		assertThat(sweeps).isGreaterThan(250);
	}

	@Test
	void keepsTheBoundOfALaneThatIsEmptyForAMoment() {
		claimUpTo(41);
		this.bounds.forgetGone((lane) -> false);
		assertThat(start()).isEqualTo(42);
	}

	@Test
	void forgetsTheBoundOfALaneThatHasBeenGoneForMinutes() {
		claimUpTo(41);
		pass(Duration.ofSeconds(100));
		round(CHEAP);
		pass(Duration.ofSeconds(100));
		round(CHEAP);
		this.bounds.forgetGone((lane) -> true);
		drainBudgets(CHEAP);
		assertThat(start()).isEqualTo(42);
		this.bounds.forgetGone((lane) -> false);
		assertThat(start()).isZero();
	}

	@Test
	void forgetsWhereSweepsBeganAsWell() {
		claimUpTo(41);
		pass(Duration.ofSeconds(200));
		round(CHEAP);
		pass(Duration.ofSeconds(200));
		this.bounds.forget();
		for (int rounds = 0; rounds < 5; rounds++) {
			round(CHEAP);
			assertThat(this.bounds.from(LANE)).isZero();
		}
	}

	private void claimUpTo(long position) {
		this.bounds.claimed(LANE, position);
		drainBudgets(CHEAP);
	}

	// After a round of each sweep none is allowed for a while.
	private void drainBudgets(Duration spent) {
		for (int sweeps = 0; sweeps < 4; sweeps++) {
			round(spent);
		}
	}

	private void round(Duration spent) {
		this.bounds.beginRound();
		this.bounds.spent(spent.toNanos());
	}

	private long start() {
		this.bounds.beginRound();
		return this.bounds.from(LANE);
	}

	private void pass(Duration time) {
		this.nanoTime.addAndGet(time.toNanos());
	}

}
