package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Optional;

import io.jobstarter.Enqueued;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.NewJob;

/**
 * Refuses jobs at once, and says why, while the database has not been there yet. To try
 * would take as long as a pool waits for a connection.
 */
final class GuardedEnqueueStore implements EnqueueStore {

	private final EnqueueStore store;

	private final DatabaseState state;

	GuardedEnqueueStore(EnqueueStore store, DatabaseState state) {
		this.store = store;
		this.state = state;
	}

	@Override
	public List<Enqueued> insert(List<NewJob> jobs) {
		this.state.check();
		return this.store.insert(jobs);
	}

	@Override
	public Optional<List<Enqueued>> insertAtOnce(List<NewJob> jobs) {
		this.state.check();
		return this.store.insertAtOnce(jobs);
	}

	// Asked first, before a transaction is begun that would need a connection.
	@Override
	public boolean isInTransaction() {
		this.state.check();
		return this.store.isInTransaction();
	}

	@Override
	public List<Long> reserveIds(int count) {
		this.state.check();
		return this.store.reserveIds(count);
	}

	@Override
	public boolean isAnyRecorded(List<Long> ids) {
		return this.store.isAnyRecorded(ids);
	}

}
