package io.jobstarter.schedule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.jobstarter.InvalidScheduleException;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.store.NextFire;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The schedules that this node has read. One that it cannot read, since a newer release
 * has written it, say, is left to other nodes.
 */
public final class Schedules implements NextFire {

	private static final Log logger = LogFactory.getLog(Schedules.class);

	/** More than anybody has; dynamic ones may come and go. */
	private static final int MOST_REMEMBERED = 10_000;

	private final Map<Text, Optional<Schedule>> read = new ConcurrentHashMap<>();

	/**
	 * Reads a schedule.
	 * @param text its text
	 * @param zone the zone whose clocks it follows, unless the text names one
	 * @return the schedule, or empty if this node cannot read it, which is logged once
	 */
	Optional<Schedule> of(String text, String zone) {
		if (this.read.size() > MOST_REMEMBERED) {
			this.read.clear();
		}
		return this.read.computeIfAbsent(new Text(text, zone), Schedules::read);
	}

	@Override
	public @Nullable Instant after(RecurringDefinition definition, Instant now) {
		return of(definition.schedule(), definition.zone()).map((schedule) -> schedule.after(now)).orElse(null);
	}

	private static Optional<Schedule> read(Text text) {
		try {
			return Optional.of(Schedule.parse(text.schedule(), ZoneId.of(text.zone())));
		}
		catch (InvalidScheduleException | DateTimeException ex) {
			logger.warn("This node cannot read a schedule and leaves it to others: " + CleanText.oneLine(ex, 500));
			return Optional.empty();
		}
	}

	/**
	 * A schedule as it is stored.
	 *
	 * @param schedule its text
	 * @param zone its zone
	 */
	private record Text(String schedule, String zone) {
	}

}
