package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.jobstarter.JobRate;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.RateStore;
import io.jobstarter.store.RateStore.RatedClaim;
import org.jspecify.annotations.Nullable;

/**
 * The rates of the queues that a node serves: which of them have no permit free, as far
 * as this node knows, and until when. The database decides; what is known here only saves
 * claims in vain. All jobs stay where they are meanwhile.
 */
public final class QueueRates {

	/** No queue has a rate. */
	public static final QueueRates NONE = new QueueRates(Map.of(), null, System::nanoTime);

	/** A node that looks again earlier finds nothing more that is worth a claim. */
	private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(1);

	private final Map<String, JobRate> rates;

	private final @Nullable RateStore store;

	private final LongSupplier nanos;

	/** By entry: when permits are free again. */
	private final Map<String, Long> closedUntil = new HashMap<>();

	/** What of it keeps jobs waiting. */
	private long wakeAt;

	private boolean waits;

	/** By entry: how many claims could have had more. */
	private final Map<String, Long> limited = new HashMap<>();

	/**
	 * Makes the rates of a node.
	 * @param rates the rates, by the entries of its queues
	 * @param store hands out their jobs
	 */
	public QueueRates(Map<String, JobRate> rates, RateStore store) {
		this(rates, store, System::nanoTime);
	}

	QueueRates(Map<String, JobRate> rates, @Nullable RateStore store, LongSupplier nanos) {
		this.rates = Map.copyOf(rates);
		this.store = store;
		this.nanos = nanos;
	}

	/**
	 * Tells which entries have rates.
	 * @return the rates, by entry
	 */
	public Map<String, JobRate> rates() {
		return this.rates;
	}

	/**
	 * Tells how often an entry had too few permits for the free slots of this node.
	 * @param entry the entry
	 * @return the number of claims since its start
	 */
	public synchronized long limited(String entry) {
		return this.limited.getOrDefault(entry, 0L);
	}

	boolean limits(String entry) {
		return this.rates.containsKey(entry);
	}

	synchronized void beginRound() {
		this.waits = false;
	}

	/**
	 * Tells whether jobs of an entry may be asked for. If not, the node has to look again
	 * when permits are free.
	 * @param entry the entry, which has jobs
	 * @return whether they may
	 */
	synchronized boolean mayClaim(String entry) {
		Long until = this.closedUntil.get(entry);
		if (until == null) {
			return true;
		}
		if (until - this.nanos.getAsLong() <= 0) {
			this.closedUntil.remove(entry);
			return true;
		}
		waitUntil(until);
		return false;
	}

	private void waitUntil(long until) {
		this.wakeAt = this.waits ? Math.min(this.wakeAt, until) : until;
		this.waits = true;
	}

	/**
	 * Claims jobs, under the rate of their entry if it has one.
	 * @param claims claims those of others
	 * @param request what is asked for
	 * @param entry the entry of all its queues
	 * @return the jobs, and how many others are blocked now
	 */
	Claimed claim(ClaimStore claims, ClaimRequest request, String entry) {
		JobRate rate = this.rates.get(entry);
		if (rate == null) {
			return claims.take(request);
		}
		RatedClaim claim = Objects.requireNonNull(this.store).claim(request, entry, rate);
		learn(entry, claim, request.limit());
		return claim.claimed();
	}

	private synchronized void learn(String entry, RatedClaim claim, int wanted) {
		if (!claim.untilNext().isZero()) {
			long until = this.nanos.getAsLong() + Math.max(SHORTEST_WAIT, claim.untilNext().toNanos());
			boolean less = claim.jobs().size() + claim.claimed().blocked() < wanted;
			this.limited.merge(entry, less ? 1L : 0L, Long::sum);
			this.closedUntil.put(entry, until);
			if (less) {
				// The round does not ask for it once more.
				waitUntil(until);
			}
		}
	}

	/**
	 * Notes that jobs start which did not ask.
	 * @param entry their entry
	 * @param jobs how many
	 */
	void started(String entry, int jobs) {
		JobRate rate = this.rates.get(entry);
		if (rate != null && jobs > 0) {
			Objects.requireNonNull(this.store).count(entry, rate, jobs);
		}
	}

	/**
	 * Says when the node has to look again because of what this round met.
	 * @param otherwise how long it may wait as far as others are concerned
	 * @return how long it may wait
	 */
	synchronized Duration wait(Duration otherwise) {
		if (!this.waits) {
			return otherwise;
		}
		Duration wait = Duration.ofNanos(Math.max(1, this.wakeAt - this.nanos.getAsLong()));
		return (wait.compareTo(otherwise) < 0) ? wait : otherwise;
	}

}
