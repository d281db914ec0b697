package io.jobstarter.benchmarks.engine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What every engine stores for a job: about 200 bytes of JSON. Its body counts itself and
 * does nothing else.
 *
 * @param number which job it is
 * @param sentAt when it was enqueued, in microseconds of the system's clock, which all
 * JVMs of a machine share
 * @param filler what makes it 200 bytes
 */
public record Work(int number, long sentAt, String filler) {

	private static final String FILLER = "x".repeat(146);

	/**
	 * A job that is enqueued now.
	 * @param number which job it is
	 * @return the job
	 */
	public static Work now(int number) {
		return new Work(number, micros(), FILLER);
	}

	/**
	 * The time of the system's clock.
	 * @return microseconds
	 */
	public static long micros() {
		return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
	}

}
