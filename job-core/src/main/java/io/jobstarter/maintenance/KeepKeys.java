package io.jobstarter.maintenance;

import java.time.Duration;

import io.jobstarter.store.KeyStore;
import io.jobstarter.store.WakeUp;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Looks after the keys whose permits jobs need: lets those go that no settled job has let
 * go, proves that what is counted as held is held, and forgets keys that nobody uses.
 */
public final class KeepKeys implements MaintenanceDuty {

	private static final Log logger = LogFactory.getLog(KeepKeys.class);

	private static final Duration INTERVAL = Duration.ofSeconds(2);

	private static final Duration WHILE_NOBODY_WAITS = Duration.ofSeconds(5);

	/** Where no handler has keys, jobs of those that had some may yet wait for one. */
	private static final Duration SELDOM = Duration.ofMinutes(2);

	private static final Duration IDLE = Duration.ofMinutes(10);

	/** Every so many proofs are of all keys: those in use all the time are never idle. */
	private static final int PROOFS_OF_SOME = 5;

	private static final int BATCH = 500;

	private final KeyStore store;

	private final WakeUp wakeUp;

	private final Duration untouched;

	private final Duration whileNobodyWaits;

	private int proofs;

	private long lastProof = System.nanoTime();

	/**
	 * Makes the duty.
	 * @param store keeps keys
	 * @param wakeUp tells workers of the jobs that became ready
	 * @param lease the lease of workers: a key that is held for longer is counted anew
	 * @param haveKeys whether jobs of handlers on this node have keys. If not, it looks
	 * seldom
	 */
	public KeepKeys(KeyStore store, WakeUp wakeUp, Duration lease, boolean haveKeys) {
		this.whileNobodyWaits = haveKeys ? WHILE_NOBODY_WAITS : SELDOM;
		this.store = store;
		this.wakeUp = wakeUp;
		this.untouched = lease.multipliedBy(2);
	}

	@Override
	public void hurriedBy(Runnable hurry) {
		this.store.listen(hurry);
	}

	@Override
	public Duration run() {
		boolean waitedFor = this.store.isWaitedFor();
		if (waitedFor) {
			this.store.release(BATCH).forEach(this.wakeUp::ready);
		}
		if (System.nanoTime() - this.lastProof > this.untouched.toNanos()) {
			this.lastProof = System.nanoTime();
			prove();
			this.store.tidy(IDLE, BATCH);
		}
		return waitedFor ? INTERVAL : this.whileNobodyWaits;
	}

	private void prove() {
		boolean all = ++this.proofs % PROOFS_OF_SOME == 0;
		int wrong = all ? this.store.compare(BATCH) : this.store.recount(this.untouched, BATCH);
		if (wrong > 0) {
			logger.warn("Of " + wrong + " keys it was not true how many jobs hold them: they were counted anew. "
					+ "Somebody must have changed the tables by hand, or a node of a release that knows no keys "
					+ "has run jobs or recovered them");
		}
	}

}
