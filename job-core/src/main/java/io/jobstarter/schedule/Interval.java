package io.jobstarter.schedule;

import java.time.Duration;
import java.time.Instant;

import io.jobstarter.InvalidScheduleException;
import io.jobstarter.support.Durations;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Fires in equal distances. They are counted from the beginning of 1970 in UTC and not
 * from a start, so that all nodes agree on them, and no restart moves them: every 15
 * minutes means the quarters of every hour. No time zone has a say.
 *
 * @param length the distance, in whole seconds
 */
record Interval(Duration length) implements Schedule {

	private static final Duration LONGEST = Duration.ofDays(365);

	@Override
	public Instant after(Instant instant) {
		long seconds = this.length.toSeconds();
		return Instant.ofEpochSecond((Math.floorDiv(instant.getEpochSecond(), seconds) + 1) * seconds);
	}

	static String choose(@Nullable String schedule, @Nullable String every) {
		boolean hasSchedule = StringUtils.hasText(schedule);
		if (hasSchedule == StringUtils.hasText(every)) {
			throw new InvalidScheduleException(hasSchedule ? "There is a schedule and an interval: write one of them"
					: "There is no schedule: write one such as 'every day at 04:02', or an interval such as '30m'");
		}
		return hasSchedule ? String.valueOf(schedule).strip() : inWords(Durations.parse(String.valueOf(every)));
	}

	/**
	 * Writes an interval as {@link ScheduleWords} reads it.
	 * @param length the distance
	 * @return the words
	 * @throws InvalidScheduleException if it is none, not of whole seconds, or too long
	 */
	static String inWords(Duration length) {
		if (length.isZero() || length.isNegative() || length.getNano() != 0 || length.compareTo(LONGEST) > 0) {
			throw new InvalidScheduleException(
					"An interval has whole seconds, at least 1 s and at most 365 days, not " + length);
		}
		long seconds = length.toSeconds();
		if (seconds % Duration.ofHours(1).toSeconds() == 0) {
			return "every " + length.toHours() + " hours";
		}
		return (seconds % Duration.ofMinutes(1).toSeconds() == 0) ? "every " + length.toMinutes() + " minutes"
				: "every " + seconds + " seconds";
	}

}
