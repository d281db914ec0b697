package io.jobstarter.maintenance;

import java.time.Duration;

import io.jobstarter.store.MaintenanceStore;

/**
 * Deletes unique keys that have expired. They are free already: this only keeps their
 * table small. Bounded, and pausing between batches.
 */
public final class DeleteExpiredKeys implements MaintenanceDuty {

	private static final int BATCH = 1_000;

	private static final Duration BETWEEN_BATCHES = Duration.ofMillis(200);

	private static final Duration INTERVAL = Duration.ofMinutes(5);

	private final MaintenanceStore store;

	/**
	 * Makes the duty.
	 * @param store deletes
	 */
	public DeleteExpiredKeys(MaintenanceStore store) {
		this.store = store;
	}

	@Override
	public Duration run() {
		return (this.store.deleteExpiredKeys(BATCH) == BATCH) ? BETWEEN_BATCHES : INTERVAL;
	}

}
