package io.jobstarter.maintenance;

import java.time.Duration;

import io.jobstarter.store.MaintenanceStore;

/**
 * Deletes what is older than its retention: history, resolved dead letters, and failures
 * that belong to neither. Bounded, and pausing between batches, so that jobs are not
 * slowed.
 */
public final class DeleteOldRows implements MaintenanceDuty {

	private static final int BATCH = 1_000;

	private static final Duration BETWEEN_BATCHES = Duration.ofMillis(200);

	private static final Duration INTERVAL = Duration.ofMinutes(5);

	private final MaintenanceStore store;

	private final Duration historyRetention;

	private final Duration deadLetterRetention;

	/**
	 * Makes the duty.
	 * @param store deletes
	 * @param historyRetention how long history is kept
	 * @param deadLetterRetention how long resolved dead letters are kept
	 */
	public DeleteOldRows(MaintenanceStore store, Duration historyRetention, Duration deadLetterRetention) {
		this.store = store;
		this.historyRetention = historyRetention;
		this.deadLetterRetention = deadLetterRetention;
	}

	@Override
	public Duration run() {
		boolean more = this.store.deleteHistory(this.historyRetention, BATCH) == BATCH;
		more |= this.store.deleteResolvedDeadLetters(this.deadLetterRetention, BATCH) == BATCH;
		more |= this.store.deleteFailures(this.historyRetention, BATCH) == BATCH;
		return more ? BETWEEN_BATCHES : INTERVAL;
	}

}
