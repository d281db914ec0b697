package io.jobstarter.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The history as tables of one day each, of the database's clock in UTC. Each table is
 * made and dropped in a bounded transaction of its own, which waits for locks only so
 * long as those who record jobs can wait behind it; any number of nodes may do it at the
 * same time.
 */
public interface HistoryDays {

	/**
	 * Makes the tables of today and the next days that lack.
	 * @param ahead how many days after today
	 * @return how many were made, and what kept others from it: their rows go into a
	 * table for all days without one
	 */
	Upkeep make(int ahead);

	/**
	 * Drops the tables all of whose rows are older than the retention, the oldest first.
	 * @param retention the age
	 * @return how many were dropped, and what kept others from it
	 */
	Upkeep drop(Duration retention);

	/**
	 * What was done.
	 *
	 * @param changed how many tables were made or dropped
	 * @param obstacle what kept others from it; {@code null} if there are none
	 */
	record Upkeep(int changed, @Nullable Obstacle obstacle) {

		/** Nothing was done, and nothing had to be. */
		public static final Upkeep NONE = new Upkeep(0, null);

		/**
		 * Puts two together.
		 * @param next what was done after this
		 * @return both, with the obstacle that was met first
		 */
		public Upkeep and(Upkeep next) {
			return new Upkeep(this.changed + next.changed, (this.obstacle != null) ? this.obstacle : next.obstacle);
		}

	}

	/**
	 * What keeps a table from being made or dropped.
	 */
	enum Obstacle {

		/**
		 * A lock was not free in time. Another try may do.
		 */
		BUSY,

		/**
		 * Rows of the day are in the table for all days, where they stay.
		 */
		OVERTAKEN,

		/**
		 * The user of the database may neither make nor drop tables here.
		 */
		FORBIDDEN

	}

}
