package io.jobstarter.maintenance;

import java.time.Duration;

import io.jobstarter.store.RedriveSteps;

/**
 * Deletes redrives by filter that ended longer ago than resolved dead letters are kept.
 */
public final class DeleteOldRedrives implements MaintenanceDuty {

	private static final int BATCH = 100;

	private static final Duration INTERVAL = Duration.ofHours(1);

	private static final Duration BETWEEN_BATCHES = Duration.ofMillis(200);

	private final RedriveSteps redrives;

	private final Duration retention;

	/**
	 * Makes the duty.
	 * @param redrives deletes
	 * @param retention how long they are kept
	 */
	public DeleteOldRedrives(RedriveSteps redrives, Duration retention) {
		this.redrives = redrives;
		this.retention = retention;
	}

	@Override
	public Duration run() {
		return (this.redrives.deleteEnded(this.retention, BATCH) == BATCH) ? BETWEEN_BATCHES : INTERVAL;
	}

}
