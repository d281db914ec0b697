package io.jobstarter.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.jobstarter.DuplicateJobException;
import io.jobstarter.Enqueued;
import io.jobstarter.JobEvent;
import io.jobstarter.JobId;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.UniqueConflict;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.UniqueKey;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.AfterCommit;
import io.jobstarter.support.JoinedTransaction;
import io.jobstarter.support.SafeEvents;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Inserts jobs in the caller's transaction, and after its commit wakes the workers and
 * tells the listeners. In a transaction of another database, which an insert cannot join,
 * it does as the {@link EnqueueMode} says.
 */
public final class Enqueuer {

	private static final Log logger = LogFactory.getLog(Enqueuer.class);

	/** A few statements for a million jobs, and a few thousand jobs in memory. */
	static final int CHUNK = 1_000;

	private final EnqueueStore store;

	private final JoinedTransaction transaction;

	private final EnqueueMode mode;

	private final @Nullable GroupCommit groupCommit;

	private final QueueBounds bounds;

	private final WakeUp wakeUp;

	private final SafeEvents events;

	// One object: after the commit, its identity gathers what one transaction enqueued.
	private final Consumer<List<NewJob>> insertLater;

	/**
	 * Makes an enqueuer.
	 * @param store inserts jobs
	 * @param transactionManager manages the transactions of callers that have none
	 * @param wakeUp tells workers of ready jobs
	 * @param events tells listeners of enqueued jobs
	 */
	public Enqueuer(EnqueueStore store, PlatformTransactionManager transactionManager, WakeUp wakeUp,
			SafeEvents events) {
		this(store, transactionManager, EnqueueSettings.DEFAULT, wakeUp, events);
	}

	/**
	 * Makes an enqueuer.
	 * @param store inserts jobs
	 * @param transactionManager manages the transactions of callers that have none
	 * @param settings how it does so
	 * @param wakeUp tells workers of ready jobs
	 * @param events tells listeners of enqueued jobs
	 */
	public Enqueuer(EnqueueStore store, PlatformTransactionManager transactionManager, EnqueueSettings settings,
			WakeUp wakeUp, SafeEvents events) {
		this(store, transactionManager, settings, wakeUp, events, QueueBounds.NONE);
	}

	/**
	 * Makes an enqueuer that refuses jobs whose queues are full.
	 * @param store inserts jobs
	 * @param transactionManager manages the transactions of callers that have none
	 * @param settings how it does so
	 * @param wakeUp tells workers of ready jobs
	 * @param events tells listeners of enqueued jobs
	 * @param bounds knows which queues are full
	 */
	public Enqueuer(EnqueueStore store, PlatformTransactionManager transactionManager, EnqueueSettings settings,
			WakeUp wakeUp, SafeEvents events, QueueBounds bounds) {
		this.bounds = bounds;
		this.store = store;
		this.transaction = new JoinedTransaction(transactionManager, store::isInTransaction);
		this.mode = settings.mode();
		this.wakeUp = wakeUp;
		this.events = events;
		this.insertLater = new DeferredInsert(this.transaction, this::insertAll, this::isAnyRecorded, events)::run;
		this.groupCommit = settings.groupCommit() ? new GroupCommit(this::insertAndCommit) : null;
	}

	/**
	 * Enqueues jobs in the caller's transaction, or in one of their own.
	 * @param jobs the jobs
	 * @return what became of each, in the order given
	 */
	List<Enqueued> enqueueAll(List<NewJob> jobs) {
		if (jobs.isEmpty() || jobs.size() > CHUNK || !this.transaction.isAbsent()) {
			return enqueueInTransaction(jobs);
		}
		this.bounds.admit(jobs);
		return enqueueApart(jobs);
	}

	private List<Enqueued> enqueueApart(List<NewJob> jobs) {
		List<Enqueued> results = insertApart(jobs);
		this.bounds.added(jobs, results);
		new Announcement(jobs, results).make(this.wakeUp, this.events);
		return results;
	}

	/**
	 * Tells whether a job is to run in the calling thread, for its queue is full.
	 * @param job the job
	 * @return whether it is; never in a transaction, which has to be committed before
	 */
	boolean isToRunInCaller(NewJob job) {
		boolean is = this.bounds.isToRunInCaller(job) && this.transaction.isAbsent();
		if (is) {
			this.bounds.ranInCaller(job);
		}
		return is;
	}

	/**
	 * Enqueues a job, whether or not its queue is full.
	 * @param job the job
	 * @return what became of it
	 */
	Enqueued enqueueBeyondBounds(NewJob job) {
		return enqueueApart(List.of(job)).get(0);
	}

	private List<Enqueued> insertApart(List<NewJob> jobs) {
		GroupCommit group = this.groupCommit;
		return (group != null && jobs.size() == 1 && jobs.get(0).unique() == null) ? List.of(group.insert(jobs.get(0)))
				: insertAndCommit(jobs);
	}

	private List<Enqueued> insertAndCommit(List<NewJob> jobs) {
		return this.store.insertAtOnce(jobs).orElseGet(() -> this.transaction.execute(() -> this.store.insert(jobs)));
	}

	private List<Enqueued> enqueueInTransaction(List<NewJob> jobs) {
		return (jobs.size() <= CHUNK) ? unlessRefused(() -> enqueue(jobs)) : inTransaction(() -> {
			List<Enqueued> all = new ArrayList<>(jobs.size());
			for (int from = 0; from < jobs.size(); from += CHUNK) {
				all.addAll(enqueue(jobs.subList(from, Math.min(from + CHUNK, jobs.size()))));
			}
			return all;
		});
	}

	// What was refused is undone already. Thrown within, it would mark the caller's
	// transaction for rollback.
	private List<Enqueued> unlessRefused(Supplier<List<Enqueued>> action) {
		DuplicateJobException[] refused = new DuplicateJobException[1];
		List<Enqueued> results = inTransaction(() -> {
			try {
				return action.get();
			}
			catch (DuplicateJobException ex) {
				refused[0] = ex;
				return List.of();
			}
		});
		if (refused[0] != null) {
			throw refused[0];
		}
		return results;
	}

	<T> T inTransaction(Supplier<T> action) {
		if (this.transaction.isForeign()) {
			return (this.mode == EnqueueMode.IMMEDIATE) ? this.transaction.executeApart(action) : action.get();
		}
		if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
			throw new ReadOnlyTransactionException(
					"A job cannot be enqueued in a read-only transaction: it would never be committed. "
							+ "Enqueue it outside, or make the transaction read-write");
		}
		return this.transaction.execute(action);
	}

	/**
	 * Enqueues jobs within {@link #inTransaction}.
	 * @param jobs the jobs, at most {@value #CHUNK}
	 * @return what became of each, in the order given
	 */
	List<Enqueued> enqueue(List<NewJob> jobs) {
		if (jobs.isEmpty()) {
			return List.of();
		}
		this.bounds.admit(jobs);
		return this.transaction.isForeign() ? defer(jobs) : insert(jobs);
	}

	// The caller is told the ids at once.
	private List<Enqueued> defer(List<NewJob> jobs) {
		List<Long> ids = this.store.reserveIds(jobs.size());
		List<NewJob> reserved = new ArrayList<>(jobs.size());
		for (int i = 0; i < jobs.size(); i++) {
			reserved.add(jobs.get(i).withId(ids.get(i)));
		}
		AfterCommit.together(this.insertLater, reserved);
		return ids.stream().map((id) -> new Enqueued(new JobId(id), false)).toList();
	}

	// The caller has gone: one that was to fail must not take the others along.
	private void insertAll(List<NewJob> jobs) {
		for (int from = 0; from < jobs.size(); from += CHUNK) {
			List<NewJob> chunk = jobs.subList(from, Math.min(from + CHUNK, jobs.size()));
			List<Enqueued> results = insert(chunk.stream().map(Enqueuer::withoutFailing).toList());
			AfterCommit.run(() -> reportRefused(chunk, results));
		}
	}

	private static NewJob withoutFailing(NewJob job) {
		UniqueKey unique = job.unique();
		return (unique != null && unique.onConflict() == UniqueConflict.FAIL) ? job.withUnique(unique.keepingExisting())
				: job;
	}

	private void reportRefused(List<NewJob> jobs, List<Enqueued> results) {
		for (int i = 0; i < jobs.size(); i++) {
			NewJob job = jobs.get(i);
			if (results.get(i).duplicate() && job.id() != null && job.unique() != null
					&& job.unique().onConflict() == UniqueConflict.FAIL) {
				logger.warn("Job " + job.id() + " (" + job.name() + ") was not added after the commit of a transaction "
						+ "of another database: job " + results.get(i).id() + " holds its unique key");
				this.events.publish(new JobEvent.EnqueueFailed(new JobId(job.id()), job.name(), job.queue()));
			}
		}
	}

	private boolean isAnyRecorded(List<NewJob> jobs) {
		return this.store.isAnyRecorded(jobs.stream().map(NewJob::id).filter(Objects::nonNull).toList());
	}

	private List<Enqueued> insert(List<NewJob> jobs) {
		List<Enqueued> results = this.store.insert(jobs);
		this.bounds.added(jobs, results);
		Announcement announcement = new Announcement(jobs, results);
		AfterCommit.run(() -> announcement.make(this.wakeUp, this.events));
		return results;
	}

}
