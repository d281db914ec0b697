package io.jobstarter.operations;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.jobstarter.AttemptFailure;
import io.jobstarter.Audit;
import io.jobstarter.BreakerInfo;
import io.jobstarter.BreakerState;
import io.jobstarter.CurrentOperator;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterGroup;
import io.jobstarter.DeadLetterNote;
import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.IllegalJobStateException;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobDiagnosis;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobMoment;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPage;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.QueueStatus;
import io.jobstarter.WorkerInfo;
import io.jobstarter.store.Lane;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.store.RedrivenLetter;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.AfterCommit;
import io.jobstarter.support.Names;
import io.jobstarter.why.JobDiagnoser;
import io.jobstarter.why.JobTimeline;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The {@link JobOperations} over a database.
 */
public final class DefaultJobOperations implements JobOperations {

	private static final int MAX_NOTE = 10_000;

	private static final int MAX_BREAKER = 300;

	private final OperationsStore store;

	private final OperatorTransaction transaction;

	private final WakeUp wakeUp;

	private final Operators operators;

	private final DeadLetterRedrives redrives;

	private final JobDiagnoser diagnoser;

	private final JobTimeline timeline;

	/**
	 * Makes the operations.
	 * @param store the operators' statements
	 * @param transactionManager manages the transactions of callers that have none
	 * @param wakeUp tells workers of jobs that became ready
	 * @param operator tells who acts
	 * @param payloads says whether a corrected payload can be one
	 */
	public DefaultJobOperations(OperationsStore store, PlatformTransactionManager transactionManager, WakeUp wakeUp,
			CurrentOperator operator, PayloadCheck payloads) {
		this.store = store;
		this.transaction = new OperatorTransaction(transactionManager, store);
		this.wakeUp = wakeUp;
		this.operators = new Operators(operator);
		this.redrives = new DefaultDeadLetterRedrives(store, this.transaction, wakeUp, this.operators, payloads);
		this.diagnoser = new JobDiagnoser(store);
		this.timeline = new JobTimeline(store);
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
	public Optional<JobDiagnosis> why(JobId id) {
		return reading(() -> this.diagnoser.diagnose(id));
	}

	@Override
	public List<JobMoment> timeline(JobId id) {
		return reading(() -> this.timeline.of(id));
	}

	@Override
	public Optional<DeadLetter> deadLetter(JobId id) {
		return reading(() -> this.store.deadLetter(id));
	}

	@Override
	public JobPage<DeadLetter> deadLetters(DeadLetterFilter filter, @Nullable JobId before, int limit) {
		checkLimit(limit);
		checkFilter(filter);
		List<DeadLetter> letters = reading(() -> this.store.deadLetters(filter, before, limit));
		return new JobPage<>(letters, (letters.size() == limit) ? letters.get(limit - 1).id() : null);
	}

	@Override
	public List<DeadLetterGroup> deadLetterGroups(DeadLetterFilter filter, int limit) {
		checkLimit(limit);
		checkFilter(filter);
		return reading(() -> this.store.deadLetterGroups(filter, limit));
	}

	@Override
	public void addNote(JobId id, String text, @Nullable String author) {
		Names.text("note", text, 1, MAX_NOTE);
		String name = this.operators.name(author);
		changing(() -> {
			if (!this.store.addNote(id, name, text)) {
				throw new JobNotFoundException(id);
			}
			return id;
		});
	}

	@Override
	public List<DeadLetterNote> notes(JobId id) {
		return reading(() -> this.store.notes(id, MAX_PAGE_SIZE));
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
			RedrivenLetter redriven = this.store.redrives()
				.redrive(List.of(id), complete)
				.stream()
				.findFirst()
				.orElseThrow(() -> refusal(id, "retried"));
			wakeAfterCommit(redriven.lane());
			return redriven.job();
		});
	}

	@Override
	public DeadLetterRedrives redrives() {
		return this.redrives;
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
	public List<QueueInfo> countQueues() {
		return reading(this.store::countQueues);
	}

	@Override
	public List<QueueStatus> queueStatuses() {
		return reading(() -> {
			List<WorkerInfo> workers = this.store.workers();
			return this.store.queues().stream().map((queue) -> QueueStatus.of(queue, workers)).toList();
		});
	}

	@Override
	public void pause(String queue, @Nullable String reason) {
		Names.queue(queue);
		Audit audit = this.operators.complete(new Audit(null, reason));
		changing(() -> {
			this.store.pause(queue, audit);
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
	public List<BreakerInfo> breakers() {
		return reading(this.store::breakers);
	}

	@Override
	public void forceOpen(String breaker, @Nullable String reason) {
		setBreaker(breaker, BreakerState.FORCED_OPEN, reason);
	}

	@Override
	public void forceClosed(String breaker, @Nullable String reason) {
		setBreaker(breaker, BreakerState.FORCED_CLOSED, reason);
	}

	@Override
	public boolean resetBreaker(String breaker) {
		return setBreaker(breaker, BreakerState.CLOSED, null);
	}

	private boolean setBreaker(String breaker, BreakerState state, @Nullable String reason) {
		Names.text("name of a circuit breaker", breaker, 1, MAX_BREAKER);
		Audit audit = this.operators.complete(new Audit(null, reason));
		String by = (audit.by() != null) ? audit.by() : "an operator";
		return changing(() -> {
			boolean changed = this.store.setBreaker(breaker, state, audit.why(), by);
			AfterCommit.run(this.wakeUp::circuitsChanged);
			return changed;
		});
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
		return this.transaction.reading(action);
	}

	private <T> T changing(Supplier<T> action) {
		return this.transaction.changing(action);
	}

	private static void checkFilter(DeadLetterFilter filter) {
		Filters.check(filter);
	}

	private static void checkFilter(@Nullable String... texts) {
		Filters.check(texts);
	}

	private static void checkLimit(int limit) {
		Filters.checkLimit(limit);
	}

}
