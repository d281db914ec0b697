package io.jobstarter.operations;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.jobstarter.AttemptFailure;
import io.jobstarter.Audit;
import io.jobstarter.CurrentOperator;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.IllegalJobStateException;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPage;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.WorkerInfo;
import io.jobstarter.store.Lane;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.AfterCommit;
import io.jobstarter.support.JoinedTransaction;
import io.jobstarter.support.Names;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The {@link JobOperations} over a database.
 */
public final class DefaultJobOperations implements JobOperations {

	private static final int MAX_REASON = 1_000;

	private static final int MAX_FILTER = 1_000;

	private final OperationsStore store;

	private final JoinedTransaction transaction;

	private final WakeUp wakeUp;

	private final Operators operators;

	/**
	 * Makes the operations.
	 * @param store the operators' statements
	 * @param transactionManager manages the transactions of callers that have none
	 * @param wakeUp tells workers of jobs that became ready
	 * @param operator tells who acts
	 */
	public DefaultJobOperations(OperationsStore store, PlatformTransactionManager transactionManager, WakeUp wakeUp,
			CurrentOperator operator) {
		this.store = store;
		this.transaction = new JoinedTransaction(transactionManager, store::isInTransaction);
		this.wakeUp = wakeUp;
		this.operators = new Operators(operator);
	}

	@Override
	public Optional<JobInfo> find(JobId id) {
		return reading(() -> this.store.find(id));
	}

	@Override
	public JobPage<JobInfo> find(JobFilter filter, @Nullable JobId before, int limit) {
		checkLimit(limit);
		checkFilter(filter.name(), filter.queue(), filter.tag());
		List<JobInfo> jobs = reading(() -> this.store.find(filter, before, limit));
		return new JobPage<>(jobs, (jobs.size() == limit) ? jobs.get(limit - 1).id() : null);
	}

	@Override
	public List<AttemptFailure> failures(JobId id) {
		return reading(() -> this.store.failures(id, MAX_PAGE_SIZE));
	}

	@Override
	public Optional<DeadLetter> deadLetter(JobId id) {
		return reading(() -> this.store.deadLetter(id));
	}

	@Override
	public JobPage<DeadLetter> deadLetters(DeadLetterFilter filter, @Nullable JobId before, int limit) {
		checkLimit(limit);
		checkFilter(filter.name(), filter.queue(), filter.fingerprint(), filter.errorClass(), filter.tag());
		List<DeadLetter> letters = reading(() -> this.store.deadLetters(filter, before, limit));
		return new JobPage<>(letters, (letters.size() == limit) ? letters.get(limit - 1).id() : null);
	}

	@Override
	public JobId retry(JobId id, Audit audit) {
		Audit complete = this.operators.complete(audit);
		return changing(() -> {
			Optional<Lane> lane = this.store.runNow(id);
			if (lane.isPresent()) {
				wakeAfterCommit(lane.get());
				return id;
			}
			OperationsStore.Redriven redriven = this.store.redrive(id, complete)
				.orElseThrow(() -> refusal(id, "retried"));
			wakeAfterCommit(redriven.lane());
			return redriven.id();
		});
	}

	@Override
	public JobState cancel(JobId id) {
		return changing(() -> {
			if (this.store.end(id, WaitingJobEnd.CANCELLED, null)) {
				return JobState.CANCELLED;
			}
			// It may have been given back between the two statements: look once more.
			if (this.store.requestCancel(id)) {
				return JobState.RUNNING;
			}
			if (this.store.end(id, WaitingJobEnd.CANCELLED, null)) {
				return JobState.CANCELLED;
			}
			throw refusal(id, "cancelled");
		});
	}

	@Override
	public void discard(JobId id, Audit audit) {
		Audit complete = this.operators.complete(audit);
		changing(() -> {
			if (!this.store.end(id, WaitingJobEnd.DISCARDED, Operators.text(complete))
					&& !this.store.discardDeadLetter(id, complete)) {
				throw refusal(id, "discarded");
			}
			return id;
		});
	}

	@Override
	public void reschedule(JobId id, Instant at) {
		changing(() -> {
			Lane lane = this.store.reschedule(id, at).orElseThrow(() -> refusal(id, "rescheduled"));
			wakeAfterCommit(lane);
			AfterCommit.run(this.wakeUp::scheduled);
			return id;
		});
	}

	@Override
	public List<QueueInfo> queues() {
		return reading(this.store::queues);
	}

	@Override
	public void pause(String queue, @Nullable String reason) {
		Names.queue(queue);
		if (reason != null) {
			Names.text("reason", reason, 0, MAX_REASON);
		}
		changing(() -> {
			this.store.pause(queue, reason);
			return queue;
		});
	}

	@Override
	public boolean resume(String queue) {
		checkFilter(queue);
		return changing(() -> this.store.resume(queue));
	}

	@Override
	public void setConcurrency(String queue, int perNode) {
		Names.queue(queue);
		if (perNode < 1 || perNode > MAX_CONCURRENCY) {
			throw new InvalidJobException(
					"A node runs 1 to " + MAX_CONCURRENCY + " jobs of a queue at the same time, not " + perNode
							+ ((perNode == 0) ? ": to run none, pause the queue" : ""));
		}
		changing(() -> {
			this.store.setConcurrency(queue, perNode);
			return queue;
		});
	}

	@Override
	public boolean resetConcurrency(String queue) {
		checkFilter(queue);
		return changing(() -> this.store.resetConcurrency(queue));
	}

	@Override
	public List<WorkerInfo> workers() {
		return reading(this.store::workers);
	}

	private RuntimeException refusal(JobId id, String operation) {
		return this.store.find(id)
			.<RuntimeException>map((job) -> new IllegalJobStateException(id, job.state(), operation))
			.orElseGet(() -> new JobNotFoundException(id));
	}

	private void wakeAfterCommit(Lane lane) {
		AfterCommit.run(() -> this.wakeUp.ready(lane));
	}

	private <T> T reading(Supplier<T> action) {
		return this.transaction.execute(action);
	}

	private <T> T changing(Supplier<T> action) {
		if (TransactionSynchronizationManager.isCurrentTransactionReadOnly() && !this.transaction.isForeign()) {
			throw new ReadOnlyTransactionException(
					"A job cannot be changed in a read-only transaction: make it read-write, or call from outside");
		}
		return this.transaction.execute(action);
	}

	// Not by the patterns of names: what no job is called is found nowhere, and only what
	// a database refuses is an error.
	private static void checkFilter(@Nullable String... texts) {
		for (String text : texts) {
			if (text != null) {
				Names.text("filter", text, 0, MAX_FILTER);
			}
		}
	}

	private static void checkLimit(int limit) {
		if (limit < 1 || limit > MAX_PAGE_SIZE) {
			throw new InvalidJobException("A page holds 1 to " + MAX_PAGE_SIZE + " rows, not " + limit);
		}
	}

}
