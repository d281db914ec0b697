package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import io.jobstarter.store.HistoryDays;
import io.jobstarter.store.HistoryDays.Obstacle;
import io.jobstarter.store.HistoryDays.Upkeep;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Makes the tables of the days to come, where the history has one for each day, and drops
 * those that are older than its retention. What it cannot drop, {@link DeleteOldRows}
 * deletes row by row.
 */
public final class KeepHistoryByDay implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(KeepHistoryByDay.class);

	private static final int DAYS_AHEAD = 3;

	private static final Duration INTERVAL = Duration.ofMinutes(10);

	private static final Duration RETRY = Duration.ofMinutes(1);

	private final HistoryDays days;

	private final Duration retention;

	private final Set<String> told = new HashSet<>();

	/**
	 * Makes the duty.
	 * @param days makes and drops
	 * @param retention how long history is kept
	 */
	public KeepHistoryByDay(HistoryDays days, Duration retention) {
		this.days = days;
		this.retention = retention;
	}

	@Override
	public Duration run() {
		Upkeep made = this.days.make(DAYS_AHEAD);
		tell("made", made);
		Upkeep dropped = this.days.drop(this.retention);
		tell("dropped", dropped);
		return (made.and(dropped).obstacle() == Obstacle.BUSY) ? RETRY : INTERVAL;
	}

	private void tell(String done, Upkeep upkeep) {
		if (upkeep.changed() > 0) {
			logger.debug("Tables for a day of history that were " + done + ": " + upkeep.changed());
		}
		Obstacle obstacle = upkeep.obstacle();
		if (obstacle == null) {
			this.told.removeIf((earlier) -> earlier.startsWith(done));
		}
		else if (this.told.add(done + obstacle)) {
			logger.warn("Tables for a day of history could not be " + done + ", " + because(obstacle)
					+ ". Nothing is lost: the rows of such days are kept together and deleted one by one");
		}
	}

	private static String because(Obstacle obstacle) {
		return switch (obstacle) {
			case BUSY -> "since others use them; this is tried again";
			case OVERTAKEN -> "since there is history of these days already";
			case FORBIDDEN -> "since this user of the database may not do that";
		};
	}

}
