package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.jobstarter.JobRate;
import io.jobstarter.LimitKey;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.RateWindow;
import org.jspecify.annotations.Nullable;

/**
 * Decides which jobs of a claim get permits of rates, whose rows are locked. What was let
 * go goes first: as long as jobs wait for a rate, or permits are kept for those that were
 * let go, jobs that have not waited wait behind them.
 */
final class RateGrant {

	private final Map<String, Open> rates = new TreeMap<>();

	/**
	 * Begins.
	 * @param rows the rows of the rates
	 * @param rates the rates, by the names of their rows
	 */
	RateGrant(Collection<RateRow> rows, Map<String, JobRate> rates) {
		rows.forEach((row) -> this.rates.put(row.name(), new Open(row, rates.getOrDefault(row.name(), row.rate()))));
	}

	/**
	 * Looks at a job, each once, in the order in which they get permits.
	 * @param job the job
	 * @param runnable whether nothing else stops it: else it takes none
	 * @return what it has to wait for, or {@code null} if it has all permits or needs
	 * none
	 */
	@Nullable String decide(ClaimedJob job, boolean runnable) {
		List<Open> needed = job.rates().stream().map(this::open).toList();
		needed.forEach((rate) -> rate.sees(job));
		if (!runnable) {
			return null;
		}
		for (Open rate : needed) {
			if (!rate.hasPermitFor(job)) {
				rate.parks();
				return rate.row.name();
			}
		}
		needed.forEach(Open::takes);
		return null;
	}

	private Open open(LimitKey key) {
		return Objects.requireNonNull(this.rates.get(key.id()));
	}

	boolean parks() {
		return this.rates.values().stream().anyMatch((rate) -> rate.parks);
	}

	List<RateChange> changes() {
		return this.rates.values().stream().map(Open::change).toList();
	}

	/**
	 * A rate while permits are given.
	 */
	private static final class Open {

		private final RateRow row;

		private final JobRate rate;

		private final long now;

		private final int free;

		/** For how many that were let go permits are kept. */
		private int outstanding;

		private int taken;

		private boolean parks;

		Open(RateRow row, JobRate rate) {
			this.row = row;
			this.rate = rate;
			this.now = row.now(rate);
			this.free = row.window().free(rate, this.now);
			this.outstanding = row.outstanding(rate);
		}

		void sees(ClaimedJob job) {
			if (job.lane().front()) {
				this.outstanding = Math.max(0, this.outstanding - 1);
			}
		}

		boolean hasPermitFor(ClaimedJob job) {
			int left = this.free - this.taken;
			return job.lane().front() ? left > 0 : left > this.outstanding && !this.parks && !this.row.isWaitedFor();
		}

		void takes() {
			this.taken++;
		}

		void parks() {
			this.parks = true;
		}

		RateChange change() {
			RateWindow window = this.row.window().take(this.rate, this.now, this.taken);
			boolean waited = this.parks || this.row.isWaitedFor();
			Long dueIn = waited ? this.row.dueIn(this.rate, window, this.now, this.outstanding) : null;
			return new RateChange(this.row.name(), this.rate, window, this.outstanding, false, dueIn);
		}

	}

}
