package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;

/**
 * How many jobs a redrive may enqueue now. Each counts for the time from one to the next,
 * and what has been taken counts until {@code until}; a time in which nothing was taken
 * is made up for by one second's jobs at most, so that no burst follows an outage.
 *
 * @param pause the time from one job to the next
 * @param until when what was taken has been counted
 */
record RedrivePacing(Duration pause, Instant until) {

	private static final Duration MADE_UP = Duration.ofSeconds(1);

	int allowed(Instant now, int most) {
		Instant from = from(now);
		if (from.isAfter(now)) {
			return 0;
		}
		return (int) Math.min(most, 1 + Duration.between(from, now).dividedBy(this.pause));
	}

	RedrivePacing taken(int jobs, Instant now) {
		return new RedrivePacing(this.pause, from(now).plus(this.pause.multipliedBy(jobs)));
	}

	private Instant from(Instant now) {
		Instant earliest = now.minus(MADE_UP);
		return this.until.isBefore(earliest) ? earliest : this.until;
	}

}
