package io.jobstarter.client;

import java.util.List;
import java.util.function.Supplier;

import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.JobEvent;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.Lane;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.AfterCommit;
import io.jobstarter.support.JoinedTransaction;
import io.jobstarter.support.SafeEvents;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Inserts jobs in the caller's transaction, and after its commit wakes the workers and
 * tells the listeners.
 */
public final class Enqueuer {

	private final EnqueueStore store;

	private final JoinedTransaction transaction;

	private final WakeUp wakeUp;

	private final SafeEvents events;

	/**
	 * Makes an enqueuer.
	 * @param store inserts jobs
	 * @param transactionManager manages the transactions of callers that have none
	 * @param wakeUp tells workers of ready jobs
	 * @param events tells listeners of enqueued jobs
	 */
	public Enqueuer(EnqueueStore store, PlatformTransactionManager transactionManager, WakeUp wakeUp,
			SafeEvents events) {
		this.store = store;
		this.transaction = new JoinedTransaction(transactionManager);
		this.wakeUp = wakeUp;
		this.events = events;
	}

	<T> T inTransaction(Supplier<T> action) {
		if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
			throw new ReadOnlyTransactionException(
					"A job cannot be enqueued in a read-only transaction: it would never be committed. "
							+ "Enqueue it outside, or make the transaction read-write");
		}
		return this.transaction.execute(action);
	}

	List<Enqueued> enqueue(List<NewJob> jobs) {
		if (jobs.isEmpty()) {
			return List.of();
		}
		List<NewJob> inserted = List.copyOf(jobs);
		List<Enqueued> results = this.store.insert(inserted);
		AfterCommit.run(() -> announce(inserted, results));
		return results;
	}

	private void announce(List<NewJob> jobs, List<Enqueued> results) {
		for (int i = 0; i < jobs.size(); i++) {
			NewJob job = jobs.get(i);
			Enqueued result = results.get(i);
			if (!result.duplicate()) {
				if (job.due().equals(DueTime.NOW)) {
					this.wakeUp.ready(new Lane(job.queue(), job.priority(), false));
				}
				this.events.publish(new JobEvent.Enqueued(result.id(), job.name(), job.queue()));
			}
		}
	}

}
