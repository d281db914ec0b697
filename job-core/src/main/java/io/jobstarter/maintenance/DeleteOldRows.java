package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.jobstarter.store.MaintenanceStore;

/**
 * Deletes what is older than its retention: history, resolved dead letters, and failures
 * that belong to neither. Bounded, and pausing between batches for most of the time, so
 * that jobs are hardly slowed.
 */
public final class DeleteOldRows implements MaintenanceDuty {

	private static final int BATCH = 1_000;

	private static final Duration BETWEEN_BATCHES = Duration.ofMillis(200);

	/** How many times as long as a batch the pause after it is. */
	private static final int PAUSE = 9;

	private static final Duration INTERVAL = Duration.ofMinutes(5);

	private final MaintenanceStore store;

	private final Duration historyRetention;

	private final Duration deadLetterRetention;

	private final LongSupplier nanoTime;

	/**
	 * Makes the duty.
	 * @param store deletes
	 * @param historyRetention how long history is kept
	 * @param deadLetterRetention how long resolved dead letters are kept
	 */
	public DeleteOldRows(MaintenanceStore store, Duration historyRetention, Duration deadLetterRetention) {
		this(store, historyRetention, deadLetterRetention, System::nanoTime);
	}

	/**
	 * Makes the duty with a clock of its own.
	 * @param store deletes
	 * @param historyRetention how long history is kept
	 * @param deadLetterRetention how long resolved dead letters are kept
	 * @param nanoTime the time, as {@link System#nanoTime()} has it
	 */
	public DeleteOldRows(MaintenanceStore store, Duration historyRetention, Duration deadLetterRetention,
			LongSupplier nanoTime) {
		this.store = store;
		this.historyRetention = historyRetention;
		this.deadLetterRetention = deadLetterRetention;
		this.nanoTime = nanoTime;
	}

	@Override
	public Duration run() {
		long start = this.nanoTime.getAsLong();
		boolean more = this.store.deleteHistory(this.historyRetention, BATCH) == BATCH;
		more |= this.store.deleteResolvedDeadLetters(this.deadLetterRetention, BATCH) == BATCH;
		more |= this.store.deleteFailures(this.historyRetention, BATCH) == BATCH;
		return more ? pauseAfter(Duration.ofNanos(this.nanoTime.getAsLong() - start)) : INTERVAL;
	}

	// A server that is busy with jobs takes longer, and gets more time for them. One that
	// stood still for a while is asked again as if there were nothing to do.
	private static Duration pauseAfter(Duration taken) {
		Duration pause = taken.multipliedBy(PAUSE);
		if (pause.compareTo(INTERVAL) > 0) {
			return INTERVAL;
		}
		return (pause.compareTo(BETWEEN_BATCHES) > 0) ? pause : BETWEEN_BATCHES;
	}

}
