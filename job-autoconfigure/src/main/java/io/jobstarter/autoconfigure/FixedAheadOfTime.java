package io.jobstarter.autoconfigure;

import org.springframework.aot.AotDetector;

/**
 * Stops an application that was processed ahead of time with other settings than it is
 * started with. Conditions are decided by that processing: a node that is told not to run
 * jobs would run them all the same.
 */
final class FixedAheadOfTime {

	private FixedAheadOfTime() {
	}

	/**
	 * Compares what the settings say now with what was decided.
	 * @param properties the settings of this start
	 * @param worker whether there is a worker
	 * @throws DecidedAheadOfTimeException if they differ
	 */
	static void check(BackgroundJobProperties properties, boolean worker) {
		if (AotDetector.useGeneratedArtifacts()) {
			require("background-jobs.enabled", properties.enabled(), true);
			require("background-jobs.worker.enabled", properties.worker().enabled(), worker);
		}
	}

	private static void require(String key, boolean now, boolean decided) {
		if (now != decided) {
			throw new DecidedAheadOfTimeException(key, now);
		}
	}

	/**
	 * A setting differs from what it was when the application was processed.
	 */
	static final class DecidedAheadOfTimeException extends StartFailure {

		private final String key;

		private final boolean value;

		DecidedAheadOfTimeException(String key, boolean value) {
			super(key + " is " + value + ", but was " + !value + " when this application was processed ahead of time, "
					+ "which cannot be changed at start");
			this.key = key;
			this.value = value;
		}

		@Override
		public String remedy() {
			return "Build it with " + this.key + " set to '" + this.value
					+ "' as well, or start it without spring.aot.enabled if it is not a native image.";
		}

	}

}
