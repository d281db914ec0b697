package io.jobstarter.maintenance;

import java.time.Duration;

import io.jobstarter.store.RateStore;

/**
 * Forgets rates that nobody has used for long, such as those of tenants that are gone.
 */
public final class TidyRates implements MaintenanceDuty {

	private static final Duration UNUSED_FOR = Duration.ofHours(1);

	private static final Duration INTERVAL = Duration.ofMinutes(30);

	private final RateStore store;

	/**
	 * Makes the duty.
	 * @param store the rates
	 */
	public TidyRates(RateStore store) {
		this.store = store;
	}

	@Override
	public Duration run() {
		this.store.tidy(UNUSED_FOR);
		return INTERVAL;
	}

}
