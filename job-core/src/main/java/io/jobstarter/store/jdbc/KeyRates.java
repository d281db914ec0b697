package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.jobstarter.JobRate;
import io.jobstarter.LimitKey;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.KeyTerms;

/**
 * The permits of rates that jobs with keys take when they are claimed. The rows of rates
 * are locked after those of keys.
 */
final class KeyRates {

	/** What a rate allows of which nobody here knows more than its name. */
	private static final JobRate UNKNOWN = new JobRate(1, JobRate.SHORTEST);

	private final RateRows rows;

	private final Signal signal = new Signal();

	private final AtomicBoolean parked = new AtomicBoolean();

	KeyRates(Statements statements, Dialect dialect) {
		this.rows = new RateRows(statements, dialect);
	}

	/**
	 * Locks the rates that jobs need.
	 * @param jobs the jobs
	 * @param terms what the rates are
	 * @return what decides about their permits
	 */
	RateGrant open(Collection<ClaimedJob> jobs, KeyTerms terms) {
		Map<String, JobRate> known = new TreeMap<>();
		Map<String, JobRate> needed = new TreeMap<>();
		for (ClaimedJob job : jobs) {
			for (LimitKey key : job.rates()) {
				JobRate rate = terms.rates().get(key.group());
				needed.put(key.id(), (rate != null) ? rate : UNKNOWN);
				if (rate != null) {
					known.put(key.id(), rate);
				}
			}
		}
		return new RateGrant(needed.isEmpty() ? List.of() : this.rows.lock(needed).values(), known);
	}

	/**
	 * Writes what was decided.
	 * @param grant what was
	 */
	void write(RateGrant grant) {
		this.rows.change(grant.changes());
		if (grant.parks()) {
			this.parked.set(true);
		}
	}

	void listen(Runnable listener) {
		this.signal.add(listener);
	}

	/**
	 * Tells who lets jobs go that wait for rates, after the commit, if there are more.
	 */
	void announce() {
		if (this.parked.compareAndSet(true, false)) {
			this.signal.raise();
		}
	}

}
