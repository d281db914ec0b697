package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RedrivePacingTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private static final Duration PAUSE = Duration.ofMillis(100);

	private static RedrivePacing pacing(Duration untilNow) {
		return new RedrivePacing(PAUSE, NOW.minus(untilNow));
	}

	@Test
	void allowsTheFirstJobAtOnce() {
		assertThat(pacing(Duration.ZERO).allowed(NOW, 500)).isEqualTo(1);
	}

	@Test
	void allowsAsManyAsTimeHasPassedFor() {
		assertThat(pacing(Duration.ofMillis(350)).allowed(NOW, 500)).isEqualTo(4);
		assertThat(pacing(Duration.ofMillis(350)).allowed(NOW, 2)).isEqualTo(2);
	}

	@Test
	void allowsNothingBeforeWhatWasTakenHasBeenCounted() {
		RedrivePacing taken = pacing(Duration.ZERO).taken(3, NOW);
		assertThat(taken.until()).isEqualTo(NOW.plusMillis(300));
		assertThat(taken.allowed(NOW.plusMillis(299), 500)).isZero();
		assertThat(taken.allowed(NOW.plusMillis(300), 500)).isEqualTo(1);
	}

	@Test
	void makesUpForOneSecondAtMost() {
		RedrivePacing afterAnOutage = pacing(Duration.ofHours(1));
		assertThat(afterAnOutage.allowed(NOW, 500)).isEqualTo(11);
		assertThat(afterAnOutage.taken(11, NOW).until()).isEqualTo(NOW.plusMillis(100));
	}

	@Test
	void keepsThePaceHoweverIrregularItIsAsked() {
		RedrivePacing pacing = pacing(Duration.ZERO);
		Instant now = NOW;
		int taken = 0;
		for (int i = 0; i < 1_000; i++) {
			int allowed = pacing.allowed(now, 500);
			pacing = pacing.taken(allowed, now);
			taken += allowed;
			now = now.plusMillis(37 + i % 700);
		}
		long elapsed = Duration.between(NOW, now).dividedBy(PAUSE);
		assertThat((long) taken).isBetween(elapsed - 10, elapsed + 1);
	}

}
