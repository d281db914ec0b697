package io.jobstarter.store.jdbc;

import java.time.Duration;

/**
 * Lets time pass for redrives.
 */
final class RedriveClock {

	private RedriveClock() {
	}

	/**
	 * Moves what a redrive waits for into the past.
	 * @param fixture its database
	 * @param id the redrive
	 * @param time how far
	 */
	static void back(StoreFixture fixture, long id, Duration time) {
		String interval = "interval '" + time.toSeconds() + "' second";
		fixture
			.sql("update background_job_redrive set next_at = next_at - " + interval + ", paced_until = paced_until - "
					+ interval + " where id = :id")
			.param("id", id)
			.update();
	}

}
