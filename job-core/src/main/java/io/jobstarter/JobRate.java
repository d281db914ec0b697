package io.jobstarter;

import java.time.Duration;

/**
 * How many jobs may start within any stretch of time of a certain length, over all nodes.
 *
 * @param permits how many
 * @param per the length
 */
public record JobRate(int permits, Duration per) {

	/** The most jobs. */
	public static final int MOST_PERMITS = 1_000_000;

	/** The shortest length. */
	public static final Duration SHORTEST = Duration.ofMillis(100);

	/** The longest length. */
	public static final Duration LONGEST = Duration.ofDays(31);

	public JobRate {
		if (permits < 1 || permits > MOST_PERMITS) {
			throw new InvalidJobException("A rate has between 1 and 1,000,000 permits, not " + permits);
		}
		if (per.compareTo(SHORTEST) < 0 || per.compareTo(LONGEST) > 0) {
			throw new InvalidJobException("The permits of a rate are per 100ms to 31d, not per " + per);
		}
	}

	@Override
	public String toString() {
		return this.permits + " per " + text();
	}

	private String text() {
		long millis = this.per.toMillis();
		if (millis % 1_000 != 0) {
			return millis + "ms";
		}
		long seconds = millis / 1_000;
		if (seconds % 60 != 0) {
			return seconds + "s";
		}
		long minutes = seconds / 60;
		return (minutes % 60 != 0) ? minutes + "m"
				: (minutes % 1_440 != 0) ? minutes / 60 + "h" : minutes / 1_440 + "d";
	}

}
