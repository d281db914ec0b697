package io.jobstarter.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * Fires in equal distances. They are counted from the beginning of 1970 in UTC and not
 * from a start, so that all nodes agree on them, and no restart moves them: every 15
 * minutes means the quarters of every hour. No time zone has a say.
 *
 * @param length the distance, in whole seconds
 */
record Interval(Duration length) implements Schedule {

	@Override
	public Instant after(Instant instant) {
		long seconds = this.length.toSeconds();
		return Instant.ofEpochSecond((Math.floorDiv(instant.getEpochSecond(), seconds) + 1) * seconds);
	}

}
