package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.Map;

import io.jobstarter.JobRate;
import io.jobstarter.store.RatePacer;
import io.jobstarter.store.RatePacer.Paced;
import io.jobstarter.store.WakeUp;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Lets jobs go that wait for the rates of their keys, when permits come. A node hears at
 * once of those that its own claims have met, and looks for others now and then only.
 */
public final class PaceRates implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(PaceRates.class);

	private static final Duration IDLE = Duration.ofSeconds(10);

	/** Where no handler has rates, jobs of those that had some may yet wait for one. */
	private static final Duration SELDOM = Duration.ofMinutes(2);

	/** Permits that come one by one are given out together. */
	private static final Duration SHORTEST = Duration.ofMillis(20);

	private static final Duration MENDED = Duration.ofMinutes(1);

	private static final int BATCH = 100;

	private final RatePacer pacer;

	private final Map<String, JobRate> rates;

	private final WakeUp wakeUp;

	private boolean declared;

	// The first look of a node is at what others have left.
	private long lastMended = System.nanoTime() - MENDED.toNanos();

	/**
	 * Makes the duty.
	 * @param pacer lets jobs go
	 * @param rates what the rates are, by the names of the limits
	 * @param wakeUp tells workers of the jobs that became ready
	 */
	public PaceRates(RatePacer pacer, Map<String, JobRate> rates, WakeUp wakeUp) {
		this.pacer = pacer;
		this.rates = Map.copyOf(rates);
		this.wakeUp = wakeUp;
	}

	@Override
	public void hurriedBy(Runnable hurry) {
		this.pacer.listen(hurry);
	}

	@Override
	public Duration run() {
		if (!this.declared) {
			this.pacer.changed(this.rates);
			this.declared = true;
		}
		mend();
		Paced paced = this.pacer.release(this.rates, BATCH);
		paced.lanes().forEach(this.wakeUp::ready);
		return wait(paced, this.rates.isEmpty() ? SELDOM : IDLE);
	}

	private void mend() {
		if (System.nanoTime() - this.lastMended < MENDED.toNanos()) {
			return;
		}
		this.lastMended = System.nanoTime();
		int rates = this.pacer.mend();
		if (rates > 0) {
			logger.warn("Jobs waited for " + rates + " rates that did not know of them: they go on. "
					+ "Somebody must have changed the tables by hand");
		}
	}

	private static Duration wait(Paced paced, Duration idle) {
		Duration next = paced.untilNext();
		if (next == null || next.compareTo(idle) > 0) {
			return idle;
		}
		return (next.compareTo(SHORTEST) < 0) ? SHORTEST : next;
	}

}
