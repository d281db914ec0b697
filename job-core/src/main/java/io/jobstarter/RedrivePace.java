package io.jobstarter;

import java.time.Duration;

/**
 * How fast a redrive enqueues jobs.
 */
public sealed interface RedrivePace {

	/**
	 * A hundred jobs a second.
	 */
	RedrivePace DEFAULT = new PerSecond(100);

	/**
	 * The time from one job to the next.
	 * @param letters how many letters there are
	 * @return the time, at least 100 microseconds
	 */
	Duration pause(long letters);

	/**
	 * So many jobs a second.
	 *
	 * @param jobs how many, 1 to {@value #MAX}
	 */
	record PerSecond(int jobs) implements RedrivePace {

		/**
		 * The most jobs a second.
		 */
		public static final int MAX = 10_000;

		public PerSecond {
			if (jobs < 1 || jobs > MAX) {
				throw new InvalidJobException("A redrive enqueues 1 to " + MAX + " jobs a second, not " + jobs
						+ ((jobs < 1) ? ": a slower one is spread over a time" : ""));
			}
		}

		@Override
		public Duration pause(long letters) {
			return Duration.ofSeconds(1).dividedBy(this.jobs);
		}

	}

	/**
	 * All jobs evenly over a time.
	 *
	 * @param time how long it takes, if the database keeps up
	 */
	record Over(Duration time) implements RedrivePace {

		/**
		 * The longest time.
		 */
		public static final Duration MAX = Duration.ofDays(30);

		public Over {
			if (time.isNegative() || time.isZero() || time.compareTo(MAX) > 0) {
				throw new InvalidJobException("A redrive is spread over at most 30 days, not " + time);
			}
		}

		@Override
		public Duration pause(long letters) {
			Duration pause = this.time.dividedBy(Math.max(1, letters));
			Duration shortest = Duration.ofSeconds(1).dividedBy(PerSecond.MAX);
			return (pause.compareTo(shortest) < 0) ? shortest : pause;
		}

	}

}
