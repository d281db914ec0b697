package io.jobstarter.operations;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import io.jobstarter.AttemptFailure;
import io.jobstarter.Audit;
import io.jobstarter.BreakerEvent;
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
import io.jobstarter.JobLimits;
import io.jobstarter.JobMoment;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPage;
import io.jobstarter.JobState;
import io.jobstarter.OperatorAction.Operation;
import io.jobstarter.QueueInfo;
import io.jobstarter.QueueStatus;
import io.jobstarter.RecurringJobs;
import io.jobstarter.WorkerInfo;
import io.jobstarter.store.Lane;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.store.RedrivenLetter;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.AfterCommit;
import io.jobstarter.support.Names;
import io.jobstarter.support.SafeEvents;
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

	/** How often a change is tried on a job that starts and ends in between. */
	private static final int TRIES = 20;

	private final OperationsStore store;

	private final OperatorTransaction transaction;

	private final WakeUp wakeUp;

	private final SafeEvents events;

	private final Operators operators;

	private final AuditTrail trail;

	private final DeadLetterRedrives redrives;

	private final JobLimits limits;

	private final JobDiagnoser diagnoser;

	private final JobTimeline timeline;

	private final RecurringJobs recurring;

	/**
	 * Makes the operations.
	 * @param store the operators' statements
	 * @param transactionManager manages the transactions of callers that have none
	 * @param wakeUp tells workers of jobs that became ready
	 * @param operator tells who acts
	 * @param payloads says whether a corrected payload can be one
	 * @param events tells of what was changed
	 * @param recurring those of recurring jobs
	 */
	public DefaultJobOperations(OperationsStore store, PlatformTransactionManager transactionManager, WakeUp wakeUp,
			CurrentOperator operator, PayloadCheck payloads, SafeEvents events, RecurringJobs recurring) {
		this.store = store;
		this.transaction = new OperatorTransaction(transactionManager, store);
		this.wakeUp = wakeUp;
		this.events = events;
		this.operators = new Operators(operator);
		this.trail = new AuditTrail(events);
		this.redrives = new DefaultDeadLetterRedrives(store, this.transaction, wakeUp, this.operators, payloads,
				this.trail);
		this.limits = new DefaultJobLimits(store.limits(), this.transaction, this.operators, this.trail);
		this.diagnoser = new JobDiagnoser(store);
		this.timeline = new JobTimeline(store);
		this.recurring = recurring;
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
	public void addNote(JobId id, String text, Audit audit) {
		Names.text("note", text, 1, MAX_NOTE);
		Audit complete = this.operators.complete(audit);
		changing(() -> {
			if (!this.store.addNote(id, complete.by(), text)) {
				throw new JobNotFoundException(id);
			}
			this.trail.record(Operation.ADD_NOTE, letter(id), complete, true);
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
		return changing(() -> change(id, Change.RETRY, () -> retried(id, complete)));
	}

	private Optional<JobId> retried(JobId id, Audit audit) {
		Optional<Lane> lane = this.store.runNow(id);
		if (lane.isPresent()) {
			this.trail.record(Operation.RETRY, job(id), audit, true);
			wakeAfterCommit(lane.get());
			return Optional.of(id);
		}
		Optional<RedrivenLetter> letter = this.store.redrives().redrive(List.of(id), audit).stream().findFirst();
		letter.ifPresent((redriven) -> {
			this.trail.record(Operation.RETRY, letter(id), audit, 1, Map.of("job", redriven.job().toString()));
			wakeAfterCommit(redriven.lane());
		});
		return letter.map(RedrivenLetter::job);
	}

	@Override
	public RecurringJobs recurring() {
		return this.recurring;
	}

	@Override
	public DeadLetterRedrives redrives() {
		return this.redrives;
	}

	@Override
	public JobState cancel(JobId id, Audit audit) {
		Audit complete = this.operators.complete(audit);
		return changing(() -> {
			JobState state = change(id, Change.CANCEL, () -> cancelled(id, Operators.text(complete)));
			this.trail.record(Operation.CANCEL, job(id), complete, 1, Map.of("state", state.name()));
			return state;
		});
	}

	private Optional<JobState> cancelled(JobId id, @Nullable String reason) {
		if (this.store.end(id, WaitingJobEnd.CANCELLED, reason)) {
			return Optional.of(JobState.CANCELLED);
		}
		return this.store.requestCancel(id) ? Optional.of(JobState.RUNNING) : Optional.empty();
	}

	@Override
	public void discard(JobId id, Audit audit) {
		Audit complete = this.operators.complete(audit);
		changing(() -> {
			String discarded = change(id, Change.DISCARD, () -> discarded(id, complete));
			this.trail.record(Operation.DISCARD, discarded, complete, true);
			return id;
		});
	}

	private Optional<String> discarded(JobId id, Audit audit) {
		if (this.store.end(id, WaitingJobEnd.DISCARDED, Operators.text(audit))) {
			return Optional.of(job(id));
		}
		return this.store.discardDeadLetter(id, audit) ? Optional.of(letter(id)) : Optional.empty();
	}

	@Override
	public void reschedule(JobId id, Instant at, Audit audit) {
		Audit complete = this.operators.complete(audit);
		changing(() -> {
			Lane lane = change(id, Change.RESCHEDULE, () -> this.store.reschedule(id, at));
			this.trail.record(Operation.RESCHEDULE, job(id), complete, 1, Map.of("at", at.toString()));
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
	public JobLimits limits() {
		return this.limits;
	}

	@Override
	public void pause(String queue, Audit audit) {
		Names.queue(queue);
		Audit complete = this.operators.complete(audit);
		changing(() -> {
			this.store.pause(queue, complete);
			this.trail.record(Operation.PAUSE, queue(queue), complete, true);
			return queue;
		});
	}

	@Override
	public boolean resume(String queue, Audit audit) {
		checkFilter(queue);
		Audit complete = this.operators.complete(audit);
		return changing(() -> {
			boolean resumed = this.store.resume(queue);
			this.trail.record(Operation.RESUME, queue(queue), complete, resumed);
			return resumed;
		});
	}

	@Override
	public void setFleetConcurrency(String queue, int overAll, Audit audit) {
		Names.queue(queue);
		if (overAll < 1 || overAll > MAX_CONCURRENCY) {
			throw new InvalidJobException(
					"All nodes run 1 to " + MAX_CONCURRENCY + " jobs of a queue at the same time, not " + overAll
							+ ((overAll == 0) ? ": to run none, pause the queue" : ""));
		}
		Audit complete = this.operators.complete(audit);
		changing(() -> {
			this.store.setFleetConcurrency(queue, overAll);
			this.trail.record(Operation.SET_FLEET_CONCURRENCY, queue(queue), complete, 1,
					Map.of("overAll", Integer.toString(overAll)));
			return queue;
		});
	}

	@Override
	public boolean resetFleetConcurrency(String queue, Audit audit) {
		checkFilter(queue);
		Audit complete = this.operators.complete(audit);
		return changing(() -> {
			boolean reset = this.store.resetFleetConcurrency(queue);
			this.trail.record(Operation.RESET_FLEET_CONCURRENCY, queue(queue), complete, reset);
			return reset;
		});
	}

	@Override
	public void setConcurrency(String queue, int perNode, Audit audit) {
		Names.queue(queue);
		if (perNode < 1 || perNode > MAX_CONCURRENCY) {
			throw new InvalidJobException(
					"A node runs 1 to " + MAX_CONCURRENCY + " jobs of a queue at the same time, not " + perNode
							+ ((perNode == 0) ? ": to run none, pause the queue" : ""));
		}
		Audit complete = this.operators.complete(audit);
		changing(() -> {
			this.store.setConcurrency(queue, perNode);
			this.trail.record(Operation.SET_CONCURRENCY, queue(queue), complete, 1,
					Map.of("perNode", Integer.toString(perNode)));
			return queue;
		});
	}

	@Override
	public boolean resetConcurrency(String queue, Audit audit) {
		checkFilter(queue);
		Audit complete = this.operators.complete(audit);
		return changing(() -> {
			boolean reset = this.store.resetConcurrency(queue);
			this.trail.record(Operation.RESET_CONCURRENCY, queue(queue), complete, reset);
			return reset;
		});
	}

	@Override
	public List<BreakerInfo> breakers() {
		return reading(this.store::breakers);
	}

	@Override
	public void forceOpen(String breaker, Audit audit) {
		setBreaker(Operation.FORCE_OPEN, breaker, BreakerState.FORCED_OPEN, audit);
	}

	@Override
	public void forceClosed(String breaker, Audit audit) {
		setBreaker(Operation.FORCE_CLOSED, breaker, BreakerState.FORCED_CLOSED, audit);
	}

	@Override
	public boolean resetBreaker(String breaker, Audit audit) {
		return setBreaker(Operation.RESET_BREAKER, breaker, BreakerState.CLOSED, audit);
	}

	private boolean setBreaker(Operation operation, String breaker, BreakerState state, Audit audit) {
		Names.text("name of a circuit breaker", breaker, 1, MAX_BREAKER);
		Audit complete = this.operators.complete(audit);
		String by = (complete.by() != null) ? complete.by() : "an operator";
		return changing(() -> {
			boolean changed = this.store.setBreaker(breaker, state, complete.why(), by);
			this.trail.record(operation, "circuit breaker " + breaker, complete, changed);
			AfterCommit.run(this.wakeUp::circuitsChanged);
			if (changed) {
				AfterCommit
					.run(() -> this.events.publish(new BreakerEvent.Changed(breaker, state, by, complete.why())));
			}
			return changed;
		});
	}

	@Override
	public List<WorkerInfo> workers() {
		return reading(this.store::workers);
	}

	// A change is a few statements, one for each state that it applies to. Where a job
	// starts, is given back or dies between them, none applies: then it is looked where
	// the job stands, and tried again unless that is a reason to refuse.
	private <T> T change(JobId id, Change change, Supplier<Optional<T>> statements) {
		for (int tries = 1;; tries++) {
			Optional<T> done = statements.get();
			if (done.isPresent()) {
				return done.get();
			}
			JobState state = this.store.find(id).orElseThrow(() -> new JobNotFoundException(id)).state();
			boolean applies = (state == JobState.DEAD) ? change.isOfLetters() && isOpenLetter(id)
					: change.appliesTo(state);
			if (tries == TRIES || !applies) {
				throw new IllegalJobStateException(id, state, change.word());
			}
		}
	}

	private boolean isOpenLetter(JobId id) {
		return this.store.deadLetter(id).filter(DeadLetter::isOpen).isPresent();
	}

	private static String job(JobId id) {
		return "job " + id;
	}

	private static String letter(JobId id) {
		return "dead letter " + id;
	}

	private static String queue(String queue) {
		return "queue " + queue;
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

	/**
	 * What is done to one job.
	 */
	private enum Change {

		RETRY("retried", false, true), CANCEL("cancelled", true, false), DISCARD("discarded", false, true),

		RESCHEDULE("rescheduled", false, false);

		private final String word;

		private final boolean ofRunning;

		private final boolean ofLetters;

		Change(String word, boolean ofRunning, boolean ofLetters) {
			this.word = word;
			this.ofRunning = ofRunning;
			this.ofLetters = ofLetters;
		}

		String word() {
			return this.word;
		}

		boolean isOfLetters() {
			return this.ofLetters;
		}

		boolean appliesTo(JobState state) {
			return !state.isFinal() && (this.ofRunning || state != JobState.RUNNING);
		}

	}

}
