package io.jobstarter.maintenance;

import java.time.Duration;

import io.jobstarter.store.FleetStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Proves that slots of queues that are bounded over all nodes belong to workers that
 * there are, and mends what broke that, as a node of the release before which recovered
 * such a worker.
 */
public final class MendFleetSlots implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(MendFleetSlots.class);

	private final FleetStore store;

	private final Duration interval;

	/**
	 * Makes the duty.
	 * @param store divides the slots
	 * @param interval how often to look
	 */
	public MendFleetSlots(FleetStore store, Duration interval) {
		this.store = store;
		this.interval = interval;
	}

	@Override
	public Duration run() {
		int freed = this.store.freeUnknown();
		if (freed > 0) {
			logger.warn(freed + " slots of bounded queues belonged to workers that nobody knows: they are free again");
		}
		return this.interval;
	}

}
