package io.jobstarter.schedule;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Fires when any of several schedules does; once where they meet.
 *
 * @param schedules the schedules
 */
record EarliestOf(List<Schedule> schedules) implements Schedule {

	@Override
	public @Nullable Instant after(Instant instant) {
		return this.schedules.stream()
			.map((schedule) -> schedule.after(instant))
			.filter(Objects::nonNull)
			.min(Comparator.naturalOrder())
			.orElse(null);
	}

}
