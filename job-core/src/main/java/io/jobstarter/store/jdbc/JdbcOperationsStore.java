package io.jobstarter.store.jdbc;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.jobstarter.AttemptFailure;
import io.jobstarter.Audit;
import io.jobstarter.BreakerInfo;
import io.jobstarter.BreakerState;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterGroup;
import io.jobstarter.DeadLetterNote;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.WorkerInfo;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.Lane;
import io.jobstarter.store.LimitStore;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.RedriveStore;
import io.jobstarter.store.SituationStore;
import org.jspecify.annotations.Nullable;

/**
 * What operators see and change, in the caller's transaction.
 */
final class JdbcOperationsStore implements OperationsStore {

	private static final String RUN_NOW = """
			update background_job_job
			set state = 0, seq = default, front = false, due_at = clock_timestamp(), blocked_by = null
			where id = :id and state in (1, 2, 3)
			""";

	private static final String WAITING_LANE = """
			select queue, priority, front from background_job_job where id = :id and worker is null
			""";

	// Ready, and not just waiting: what ran a moment ago may be put off by now.
	private static final String READY_LANE = """
			select queue, priority, front from background_job_job
			where id = :id and worker is null and state = 0
			""";

	private static final String RESCHEDULE = """
			update background_job_job
			set state = 1, front = false, due_at = cast(:at as timestamp with time zone), blocked_by = null
			where id = :id and worker is null and cast(:at as timestamp with time zone) > clock_timestamp()
			""";

	private static final String IS_PAST = """
			select cast(:at as timestamp with time zone) <= clock_timestamp()
			""";

	private static final String LOCK_WAITING = """
			select unique_key from background_job_job where id = :id and worker is null for update
			""";

	private static final String REQUEST_CANCEL = """
			update background_job_job set cancel_requested = true
			where id = :id and state = 0 and worker is not null
			""";

	private static final String DISCARD = """
			update background_job_dead_letter set resolved_at = clock_timestamp(), discarded_at = clock_timestamp(),
			    resolved_by = :by, resolved_reason = :why
			where job_id = :id and resolved_at is null
			""";

	private static final String RESUME = """
			update background_job_queue set paused_at = null, pause_reason = null, paused_by = null
			where name = :name and paused_at is not null
			""";

	private static final String RESET_CONCURRENCY = """
			update background_job_queue set concurrency = null where name = :name and concurrency is not null
			""";

	private static final String RESET_FLEET_CONCURRENCY = """
			update background_job_queue set fleet_concurrency = null
			where name = :name and fleet_concurrency is not null
			""";

	private final CallersTransaction transaction;

	private final Statements statements;

	private final Savepoints savepoints;

	private final Dialect dialect;

	private final JobEnds ends;

	private final UniqueKeys keys;

	private final JobQueries jobs;

	private final DeadLetterQueries deadLetters;

	private final DeadLetterNotes notes;

	private final QueueQueries queues;

	private final DepthReader depths;

	private final RedriveStore redrives;

	private final BreakerQueries breakers;

	private final WorkerQueries workers;

	private final SituationQueries situations;

	private final LimitStore limits;

	JdbcOperationsStore(CallersTransaction transaction, Statements statements, Savepoints savepoints,
			EnqueueStore enqueue, Dialect dialect, Signals signals, Reads engineReads) {
		this.transaction = transaction;
		this.statements = statements;
		this.savepoints = savepoints;
		this.dialect = dialect;
		this.ends = new JobEnds(statements);
		this.keys = dialect.uniqueKeys(statements);
		this.jobs = new JobQueries(statements);
		this.deadLetters = new DeadLetterQueries(statements);
		this.notes = new DeadLetterNotes(statements);
		this.queues = new QueueQueries(statements::read, dialect.depths(statements::read));
		this.depths = dialect.depths(engineReads);
		this.redrives = new JdbcRedriveStore(transaction, statements, enqueue, dialect, signals.redrive());
		this.limits = new JdbcLimitStore(transaction, statements, dialect, signals.limit());
		this.breakers = new BreakerQueries(statements, dialect);
		this.workers = new WorkerQueries(statements);
		this.situations = new SituationQueries(transaction, statements);
	}

	@Override
	public boolean isInTransaction() {
		return this.transaction.isActive();
	}

	@Override
	public Optional<JobInfo> find(JobId id) {
		return this.transaction.read(() -> this.jobs.find(id));
	}

	@Override
	public List<JobInfo> find(JobFilter filter, @Nullable JobId before, int limit) {
		return this.transaction.read(() -> this.jobs.find(filter, before, limit));
	}

	@Override
	public List<AttemptFailure> failures(JobId id, int limit) {
		return this.transaction.read(() -> this.deadLetters.failures(id, limit));
	}

	@Override
	public Optional<DeadLetter> deadLetter(JobId id) {
		return this.transaction.read(() -> this.deadLetters.find(id));
	}

	@Override
	public List<DeadLetter> deadLetters(DeadLetterFilter filter, @Nullable JobId before, int limit) {
		return this.transaction.read(() -> this.deadLetters.find(filter, before, limit));
	}

	@Override
	public List<DeadLetterGroup> deadLetterGroups(DeadLetterFilter filter, int limit) {
		return this.transaction.read(() -> this.deadLetters.groups(filter, limit));
	}

	@Override
	public boolean addNote(JobId id, @Nullable String author, String text) {
		return this.transaction.write(() -> this.notes.add(id, author, text));
	}

	@Override
	public List<DeadLetterNote> notes(JobId id, int limit) {
		return this.transaction.read(() -> this.notes.find(id, limit));
	}

	@Override
	public Optional<Lane> runNow(JobId id) {
		return this.transaction.write(() -> runNowInTransaction(id));
	}

	// A job that is ready already keeps its place.
	private Optional<Lane> runNowInTransaction(JobId id) {
		update(RUN_NOW, id);
		return lane(READY_LANE, id);
	}

	@Override
	public Optional<Lane> reschedule(JobId id, Instant at) {
		String time = Values.timestamp(at);
		return this.transaction.write(() -> {
			int later = this.statements.of(RESCHEDULE).param("id", id.value()).param("at", time).update();
			if (later == 1) {
				return lane(WAITING_LANE, id);
			}
			boolean past = this.statements.of(IS_PAST).param("at", time).query(Boolean.class).single();
			return past ? runNowInTransaction(id) : Optional.empty();
		});
	}

	private Optional<Lane> lane(String statement, JobId id) {
		return this.statements.of(statement).param("id", id.value()).query(ClaimedJobMapper.LANE).optional();
	}

	@Override
	public boolean end(JobId id, WaitingJobEnd end, @Nullable String reason) {
		JobState state = switch (end) {
			case CANCELLED -> JobState.CANCELLED;
			case DISCARDED -> JobState.DISCARDED;
		};
		return this.transaction.write(() -> {
			List<Optional<String>> key = this.statements.of(LOCK_WAITING)
				.param("id", id.value())
				.query((row, number) -> Optional.ofNullable(row.getString("unique_key")))
				.list();
			if (key.isEmpty()) {
				return false;
			}
			this.savepoints.tryTo("write the history of job " + id,
					() -> this.ends.writeHistory(List.of(new Ended(id.value(), state, 0, reason))));
			this.ends.delete(List.of(id.value()));
			this.keys.free(key.get(0).stream().toList());
			return true;
		});
	}

	@Override
	public boolean requestCancel(JobId id) {
		return this.transaction.write(() -> update(REQUEST_CANCEL, id));
	}

	@Override
	public RedriveStore redrives() {
		return this.redrives;
	}

	@Override
	public boolean discardDeadLetter(JobId id, Audit audit) {
		return this.transaction.write(() -> resolve(DISCARD, id, audit));
	}

	private boolean resolve(String statement, JobId id, Audit audit) {
		return this.statements.of(statement)
			.param("id", id.value())
			.param("by", audit.by())
			.param("why", audit.why())
			.update() == 1;
	}

	private boolean update(String statement, JobId id) {
		return this.statements.of(statement).param("id", id.value()).update() == 1;
	}

	// Of what queues hold the plan must be pinned, and that takes settings, which are not
	// to stay in a transaction of the caller. Read before another connection is taken:
	// the pool may have but one.
	@Override
	public List<QueueInfo> queues() {
		if (this.transaction.isActive()) {
			return this.transaction.read(this.queues::list);
		}
		Depths depths = new Depths();
		this.depths.read(depths);
		return this.transaction.read(() -> this.queues.list(depths));
	}

	@Override
	public List<QueueInfo> countQueues() {
		return this.transaction.read(this.queues::count);
	}

	@Override
	public void pause(String queue, Audit audit) {
		this.transaction.write(() -> this.statements.of(this.dialect.pause())
			.param("name", queue)
			.param("reason", audit.why())
			.param("by", audit.by())
			.update());
	}

	@Override
	public boolean resume(String queue) {
		return this.transaction.write(() -> this.statements.of(RESUME).param("name", queue).update()) == 1;
	}

	@Override
	public void setConcurrency(String queue, int concurrency) {
		this.transaction.write(() -> this.statements.of(this.dialect.setConcurrency())
			.param("name", queue)
			.param("concurrency", concurrency)
			.update());
	}

	@Override
	public boolean resetConcurrency(String queue) {
		return this.transaction.write(() -> this.statements.of(RESET_CONCURRENCY).param("name", queue).update()) == 1;
	}

	@Override
	public void setFleetConcurrency(String queue, int concurrency) {
		this.transaction.write(() -> this.statements.of(this.dialect.setFleetConcurrency())
			.param("name", queue)
			.param("concurrency", concurrency)
			.update());
	}

	@Override
	public boolean resetFleetConcurrency(String queue) {
		return this.transaction
			.write(() -> this.statements.of(RESET_FLEET_CONCURRENCY).param("name", queue).update()) == 1;
	}

	@Override
	public List<BreakerInfo> breakers() {
		return this.transaction.read(this.breakers::list);
	}

	@Override
	public boolean setBreaker(String breaker, BreakerState state, @Nullable String reason, String by) {
		return this.transaction.write(() -> this.breakers.set(breaker, state, reason, by));
	}

	@Override
	public List<WorkerInfo> workers() {
		return this.transaction.read(this.workers::list);
	}

	@Override
	public LimitStore limits() {
		return this.limits;
	}

	@Override
	public SituationStore situations() {
		return this.situations;
	}

	/**
	 * Who is told of what operators have changed.
	 *
	 * @param redrive of redrives
	 * @param limit of limits
	 */
	record Signals(Signal redrive, Signal limit) {
	}

}
