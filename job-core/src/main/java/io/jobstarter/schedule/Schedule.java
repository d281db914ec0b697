package io.jobstarter.schedule;

import java.time.Instant;
import java.time.ZoneId;

import io.jobstarter.InvalidScheduleException;
import org.jspecify.annotations.Nullable;

/**
 * The instants at which something fires, on one time line: each is later than the one
 * before, whatever a time zone does to its clocks.
 */
@FunctionalInterface
public interface Schedule {

	/**
	 * Finds the next instant.
	 * @param instant where to start
	 * @return the first instant after it, or {@code null} if there is none
	 */
	@Nullable Instant after(Instant instant);

	/**
	 * Reads a schedule: a cron expression, a macro, or plain words.
	 * @param text the text
	 * @param zone whose clocks it follows, unless the text names a zone itself
	 * @return the schedule
	 * @throws InvalidScheduleException if the text is none, or a schedule that never
	 * fires
	 */
	static Schedule parse(String text, ZoneId zone) {
		return ScheduleText.parse(text, zone);
	}

}
