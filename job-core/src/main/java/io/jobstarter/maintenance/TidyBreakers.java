package io.jobstarter.maintenance;

import java.time.Duration;

import io.jobstarter.store.BreakerStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Forgets circuit breakers that were closed long ago, and closes those that nobody has
 * probed although jobs may wait for them: no handler names them any more.
 */
public final class TidyBreakers implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(TidyBreakers.class);

	private static final Duration CLOSED_FOR = Duration.ofDays(1);

	private static final Duration UNPROBED_FOR = Duration.ofHours(1);

	private static final Duration INTERVAL = Duration.ofMinutes(30);

	private final BreakerStore store;

	/**
	 * Makes the duty.
	 * @param store the circuit breakers
	 */
	public TidyBreakers(BreakerStore store) {
		this.store = store;
	}

	@Override
	public Duration run() {
		int closed = this.store.tidy(CLOSED_FOR, UNPROBED_FOR);
		if (closed > 0) {
			logger.warn(closed + " circuit breakers were open and not probed for " + UNPROBED_FOR
					+ ": they are closed, and what waits for them is released");
		}
		return INTERVAL;
	}

}
