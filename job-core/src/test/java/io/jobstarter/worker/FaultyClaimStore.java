package io.jobstarter.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.Look;
import io.jobstarter.store.QueueLimits;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.Settlement;
import io.jobstarter.store.WakeUp;

/**
 * A store on which claims and releases meet faults that a test thinks of.
 */
abstract class FaultyClaimStore implements ClaimStore {

	private final ClaimStore store;

	FaultyClaimStore(ClaimStore store) {
		this.store = store;
	}

	ClaimStore store() {
		return this.store;
	}

	@Override
	public Set<Lane> lanes(QueueScope scope) {
		return this.store.lanes(scope);
	}

	@Override
	public QueueLimits concurrencyLimits() {
		return this.store.concurrencyLimits();
	}

	@Override
	public boolean hasCircuits() {
		return this.store.hasCircuits();
	}

	@Override
	public Look look(QueueScope scope) {
		return this.store.look(scope);
	}

	@Override
	public abstract List<ClaimedJob> claim(ClaimRequest request);

	@Override
	public Claimed take(ClaimRequest request) {
		return new Claimed(claim(request), 0);
	}

	@Override
	public void announceTo(WakeUp wakeUp) {
		this.store.announceTo(wakeUp);
	}

	@Override
	public int release(long worker, long claim) {
		return this.store.release(worker, claim);
	}

	@Override
	public Map<Long, Settled> settle(Collection<Settlement> settlements, boolean history) {
		return this.store.settle(settlements, history);
	}

	@Override
	public boolean completeInCallersTransaction(ClaimedJob job, boolean history) {
		return this.store.completeInCallersTransaction(job, history);
	}

	@Override
	public boolean isRecorded(ClaimedJob job) {
		return this.store.isRecorded(job);
	}

	@Override
	public Map<Long, Held> held(long worker, Collection<Long> ids) {
		return this.store.held(worker, ids);
	}

	@Override
	public Map<Long, Long> claimedBefore(long worker, Duration age) {
		return this.store.claimedBefore(worker, age);
	}

}
