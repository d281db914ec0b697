package io.jobstarter;

import java.time.Duration;
import java.time.Instant;

/**
 * When something is due: an instant, or a delay that the database's clock measures.
 */
public sealed interface DueTime {

	/**
	 * At once.
	 */
	DueTime NOW = new In(Duration.ZERO);

	/**
	 * Due at an instant.
	 *
	 * @param instant the instant
	 */
	record At(Instant instant) implements DueTime {
	}

	/**
	 * Due after a delay.
	 *
	 * @param delay the delay, not negative
	 */
	record In(Duration delay) implements DueTime {

		/**
		 * The longest delay that can be stored.
		 */
		public static final Duration MAX = Duration.ofDays(36_525);

		public In {
			if (delay.isNegative() || delay.compareTo(MAX) > 0) {
				throw new InvalidJobException("A delay is between 0 and 100 years, not " + delay);
			}
		}

	}

}
