package io.jobstarter.maintenance;

import java.time.Duration;

import io.jobstarter.store.MaintenanceStore;

/**
 * Tells what kind of failure dead letters died of that were written by nodes of an
 * earlier release: before an upgrade, or while it goes on.
 */
public final class FingerprintDeadLetters implements MaintenanceDuty {

	private static final int BATCH = 200;

	private static final Duration BETWEEN_BATCHES = Duration.ofMillis(200);

	private static final Duration INTERVAL = Duration.ofMinutes(10);

	private final MaintenanceStore store;

	/**
	 * Makes the duty.
	 * @param store fills in
	 */
	public FingerprintDeadLetters(MaintenanceStore store) {
		this.store = store;
	}

	@Override
	public Duration run() {
		return (this.store.fingerprintDeadLetters(BATCH) == BATCH) ? BETWEEN_BATCHES : INTERVAL;
	}

}
