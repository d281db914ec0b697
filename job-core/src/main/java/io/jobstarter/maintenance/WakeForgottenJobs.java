package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.Set;

import io.jobstarter.store.Lane;
import io.jobstarter.store.MaintenanceStore;
import io.jobstarter.store.WakeUp;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Proves that jobs which are blocked say what they wait for, and mends what broke that:
 * no circuit breaker, limit or rate would ever let them go.
 */
public final class WakeForgottenJobs implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(WakeForgottenJobs.class);

	private static final int BATCH = 500;

	private final MaintenanceStore store;

	private final WakeUp wakeUp;

	private final Duration interval;

	/**
	 * Makes the duty.
	 * @param store finds and frees them
	 * @param wakeUp tells workers of the jobs that became ready
	 * @param interval how often to look
	 */
	public WakeForgottenJobs(MaintenanceStore store, WakeUp wakeUp, Duration interval) {
		this.store = store;
		this.wakeUp = wakeUp;
		this.interval = interval;
	}

	@Override
	public Duration run() {
		Set<Lane> lanes = this.store.freeBlockedByNothing(BATCH);
		if (lanes.isEmpty()) {
			return this.interval;
		}
		logger.warn("Jobs were blocked without a word of what they waited for: they go on. "
				+ "Somebody must have changed the tables by hand");
		lanes.forEach(this.wakeUp::ready);
		return Duration.ZERO;
	}

}
