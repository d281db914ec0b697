package io.jobstarter.store;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long nobody has to ask whether a scheduled job is due.
 */
class DueWatchTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final Duration A_DAY = Duration.ofDays(1);

	private final DueWatch watch = new DueWatch();

	private void look(Duration quiet) {
		this.watch.seen(System.nanoTime(), quiet);
	}

	@Test
	void asksBeforeAnythingWasRead() {
		assertThat(this.watch.quietFor(HOUR)).isZero();
	}

	@Test
	void asksOnceAnInterval() {
		look(A_DAY);
		assertThat(this.watch.quietFor(HOUR)).isBetween(HOUR, HOUR.plusMinutes(6));
	}

	@Test
	void asksWhenTheNextJobIsDue() {
		look(Duration.ofMinutes(3));
		assertThat(this.watch.quietFor(HOUR)).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(3));
	}

	@Test
	void asksLessOftenWhileNodesSayWhatTheySchedule() {
		this.watch.announced(true);
		look(A_DAY);
		assertThat(this.watch.quietFor(HOUR)).isBetween(HOUR.multipliedBy(5), HOUR.multipliedBy(6));
	}

	@Test
	void asksSoonWhenAJobIsScheduled() {
		this.watch.announced(true);
		look(A_DAY);
		this.watch.scheduled();
		assertThat(this.watch.quietFor(HOUR)).isBetween(HOUR, HOUR.plusMinutes(6));
		look(A_DAY);
		assertThat(this.watch.quietFor(HOUR)).isGreaterThan(HOUR.multipliedBy(4));
	}

	@Test
	void asksSoonWhenWhatOthersScheduleIsNotHeardOfAnyMore() {
		this.watch.announced(true);
		look(A_DAY);
		this.watch.announced(false);
		assertThat(this.watch.quietFor(HOUR)).isLessThan(HOUR.multipliedBy(2));
	}

	@Test
	void asksSoonWhenItBeginsToHear() {
		look(A_DAY);
		this.watch.announced(true);
		assertThat(this.watch.quietFor(HOUR)).isLessThan(HOUR.multipliedBy(2));
	}

}
