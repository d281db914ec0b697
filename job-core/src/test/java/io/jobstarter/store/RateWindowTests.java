package io.jobstarter.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.jobstarter.JobRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RateWindowTests {

	private static final long START = TimeUnit.DAYS.toMicros(20_000);

	private static final JobRate HOURLY = new JobRate(1, Duration.ofHours(1));

	private static long micros(Duration duration) {
		return TimeUnit.MICROSECONDS.convert(duration);
	}

	@Test
	void permitsThatAreFewComeBackToTheMicrosecond() {
		RateWindow taken = RateWindow.EMPTY.take(HOURLY, START, 1);
		long again = START + micros(HOURLY.per());
		assertThat(taken.free(HOURLY, again - 1)).isZero();
		assertThat(taken.untilFree(HOURLY, START + 1, 1)).isEqualTo(again - START - 1);
		assertThat(taken.free(HOURLY, again)).isOne();
		assertThat(taken.at(HOURLY, again)).isEqualTo(RateWindow.EMPTY);
	}

	@Test
	void saysWhenSeveralAreFreeTogether() {
		JobRate rate = new JobRate(3, Duration.ofSeconds(10));
		RateWindow taken = RateWindow.EMPTY.take(rate, START, 1).take(rate, START + 1_000, 2);
		assertThat(taken.untilFree(rate, START + 1_000, 1)).isEqualTo(10_000_000 - 1_000);
		assertThat(taken.untilFree(rate, START + 1_000, 2)).isEqualTo(10_000_000);
		assertThat(taken.untilFree(rate, START + 10_000_000, 1)).isZero();
	}

	@Test
	void followsARateThatChanges() {
		JobRate few = new JobRate(2, Duration.ofMinutes(1));
		JobRate many = new JobRate(5, Duration.ofMinutes(1));
		RateWindow taken = RateWindow.EMPTY.take(many, START, 4);
		assertThat(taken.free(few, START + 1)).isZero();
		assertThat(taken.free(many, START + 1)).isOne();
		assertThat(taken.free(new JobRate(5, Duration.ofSeconds(1)), START + 1_000_000)).isEqualTo(5);
	}

	@Test
	void waitsNoLongerThanOneLengthAfterTheClockWasSetBack() {
		JobRate rate = new JobRate(1, Duration.ofSeconds(10));
		RateWindow taken = RateWindow.EMPTY.take(rate, START, 1);
		// A little: time stands still until the clock has caught up.
		assertThat(taken.now(rate, START - 1_000_000)).isEqualTo(START);
		long monthAgo = START - TimeUnit.DAYS.toMicros(30);
		assertThat(taken.now(rate, monthAgo)).isEqualTo(monthAgo);
		assertThat(taken.untilFree(rate, monthAgo, 1)).isEqualTo(10_000_000);
	}

	@Test
	void isReadAsItWasWritten() {
		JobRate rate = new JobRate(1_000, Duration.ofSeconds(10));
		RateWindow taken = RateWindow.EMPTY.take(rate, START, 7).take(rate, START + 5, 993);
		assertThat(RateWindow.of(taken.text())).isEqualTo(taken);
		assertThat(RateWindow.of("")).isEqualTo(RateWindow.EMPTY);
		assertThat(RateWindow.of("so*7 it*is not")).isEqualTo(RateWindow.EMPTY);
	}

	// Beside a log of all that was taken, each with its own time.
	@ParameterizedTest
	@CsvSource({ "1, 100", "5, 1000", "19, 1000", "100, 1000", "1000, 60000", "1000000, 3600000" })
	void neverGivesMoreInAnyWindowAndHoldsNothingBackForLongerThanATwentieth(int permits, long millis) {
		JobRate rate = new JobRate(permits, Duration.ofMillis(millis));
		long per = micros(rate.per());
		Random random = new Random(permits * 31L + millis);
		List<long[]> log = new ArrayList<>();
		RateWindow window = RateWindow.EMPTY;
		long now = START;
		for (int step = 0; step < 4_000; step++) {
			now += (long) (random.nextDouble() * random.nextDouble() * per / 10);
			int free = window.free(rate, now);
			assertThat(free).isLessThanOrEqualTo(permits - taken(log, now - per, now));
			// What a log would give, were it asked a twentieth of the length ago.
			assertThat(free).isGreaterThanOrEqualTo(permits - taken(log, now - per - per / RateWindow.PARTS, now));
			int taken = (free > 0) ? Math.min(free, 1 + random.nextInt(1 + Math.max(1, permits / 7))) : 0;
			window = RateWindow.of(window.take(rate, now, taken).text());
			log.add(new long[] { now, taken });
			log.removeIf((entry) -> entry[0] < log.get(log.size() - 1)[0] - 3 * per);
			assertThat(window.text().length()).isLessThan(1_500);
			assertThat(window.takings().size()).isLessThanOrEqualTo(RateWindow.EXACT + RateWindow.PARTS + 1);
		}
	}

	private static int taken(List<long[]> log, long after, long until) {
		return log.stream()
			.filter((entry) -> entry[0] > after && entry[0] <= until)
			.mapToInt((entry) -> (int) entry[1])
			.sum();
	}

	@Test
	void underAConstantRushGivesAtLeastTwentyOfTwentyOnePermits() {
		JobRate rate = new JobRate(100, Duration.ofSeconds(1));
		RateWindow window = RateWindow.EMPTY;
		long given = 0;
		long end = START + TimeUnit.SECONDS.toMicros(100);
		for (long now = START; now < end; now += 1_000) {
			int free = Math.min(3, window.free(rate, now));
			window = window.take(rate, now, free);
			given += free;
		}
		assertThat(given).isBetween(100L * 100 * 20 / 21, 100L * 100 + 100);
	}

}
