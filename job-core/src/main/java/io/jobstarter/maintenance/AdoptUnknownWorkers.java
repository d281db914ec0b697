package io.jobstarter.maintenance;

import java.time.Duration;

import io.jobstarter.store.MaintenanceStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Proves that no running job lacks a worker, and mends what broke that: a worker id that
 * jobs name and nobody knows gets one fresh lease, and is recovered when that ends.
 */
public final class AdoptUnknownWorkers implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(AdoptUnknownWorkers.class);

	private final MaintenanceStore store;

	private final Duration lease;

	private final Duration interval;

	/**
	 * Makes the duty.
	 * @param store adopts
	 * @param lease the lease that an unknown worker gets
	 * @param interval how often one node of all looks
	 */
	public AdoptUnknownWorkers(MaintenanceStore store, Duration lease, Duration interval) {
		this.store = store;
		this.lease = lease;
		this.interval = interval;
	}

	@Override
	public Duration run() {
		int found = this.store.adoptUnknownWorkers(this.lease, this.interval);
		if (found > 0) {
			logger.warn("Jobs name " + found + " workers that nobody knows: they are recovered in " + this.lease);
		}
		return this.interval;
	}

}
