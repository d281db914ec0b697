package io.jobstarter.maintenance;

import java.time.Duration;

import io.jobstarter.store.DueWatch;
import io.jobstarter.store.MaintenanceStore;
import io.jobstarter.store.MaintenanceStore.Promotion;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.NetworkPatience;
import org.jspecify.annotations.Nullable;

/**
 * Makes scheduled jobs ready when they are due.
 */
public final class PromoteDueJobs implements MaintenanceDuty {

	private static final int BATCH = 1_000;

	private final MaintenanceStore store;

	private final WakeUp wakeUp;

	private final Duration interval;

	private final DueWatch due;

	/**
	 * Makes the duty.
	 * @param store promotes
	 * @param wakeUp tells workers of the jobs that became ready
	 * @param interval how long a job that another node schedules may go unnoticed
	 * @param due what this node's worker has seen of scheduled jobs
	 */
	public PromoteDueJobs(MaintenanceStore store, WakeUp wakeUp, Duration interval, DueWatch due) {
		this.store = store;
		this.wakeUp = wakeUp;
		this.interval = interval;
		this.due = due;
	}

	@Override
	public Duration run() {
		Duration quiet = this.due.quietFor(this.interval);
		if (!quiet.isZero() && !quiet.isNegative()) {
			return soonest(quiet);
		}
		Promotion promotion = NetworkPatience.hurried(() -> this.store.promote(BATCH));
		promotion.lanes().forEach(this.wakeUp::ready);
		if (promotion.count() == BATCH) {
			return Duration.ZERO;
		}
		return soonest(promotion.nextDueIn());
	}

	private Duration soonest(@Nullable Duration nextDueIn) {
		if (nextDueIn == null || nextDueIn.compareTo(this.interval) > 0) {
			return this.interval;
		}
		// A job that is overdue but locked by somebody: look again soon, not at once.
		return (nextDueIn.isNegative() || nextDueIn.isZero()) ? this.interval.dividedBy(10) : nextDueIn;
	}

}
