package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.JobId;
import io.jobstarter.RedriveInfo;
import io.jobstarter.RedriveState;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.RedriveStore;
import io.jobstarter.store.RedrivenLetter;
import org.jspecify.annotations.Nullable;

/**
 * What operators do about redrives, in the caller's transaction.
 */
final class JdbcRedriveStore implements RedriveStore {

	private static final String COUNT = """
			select count(*) as matching, coalesce(max(d.job_id), 0) as last_letter
			from background_job_dead_letter d
			where d.resolved_at is null and
			""" + DeadLetterSelection.CONDITION;

	private static final String CREATE = """
			insert into background_job_redrive (state, name, queue, reason, error_class, fingerprint, tag,
			    died_from, died_before, last_letter, matching, pause_micros, canary, canary_required,
			    created_at, created_by, why, changed_at, next_at, paced_until)
			values (:state, :name, :queue, :reason, :errorClass, :fingerprint, :tag,
			    cast(:diedFrom as timestamp with time zone), cast(:diedBefore as timestamp with time zone),
			    :lastLetter, :matching, :pause, :canary, :canaryRequired,
			    clock_timestamp(), :by, :why, clock_timestamp(), clock_timestamp(), clock_timestamp())
			""";

	static final String COLUMNS = """
			id, state, name, queue, reason, error_class, fingerprint, tag, died_from, died_before,
			    pause_micros, canary, canary_required, matching, redriven, canary_sent, canary_succeeded,
			    canary_failed, created_at, created_by, why, changed_at, changed_by, changed_why, finished_at,
			    stopped_because""";

	private static final String FIND = """
			select %s
			from background_job_redrive where id = :id
			""".formatted(COLUMNS);

	private static final String LIST = """
			select %s
			from background_job_redrive where id < :before
			order by id desc fetch first :limit rows only
			""".formatted(COLUMNS);

	private static final String CANCEL = """
			update background_job_redrive
			set state = 'CANCELLED', changed_at = clock_timestamp(), changed_by = :by, changed_why = :why,
			    finished_at = clock_timestamp(), stopped_because = null
			where id = :id and state in ('CANARY', 'RUNNING', 'STOPPED')
			""";

	private static final String RESUME = """
			update background_job_redrive
			set state = case when canary > 0 and cast(:canary as boolean) then 'CANARY' else 'RUNNING' end,
			    canary_sent = 0, canary_succeeded = 0, canary_failed = 0, stopped_because = null,
			    changed_at = clock_timestamp(), changed_by = :by, changed_why = :why,
			    next_at = clock_timestamp(), paced_until = clock_timestamp()
			where id = :id and state = 'STOPPED'
			""";

	private static final String FORGET_CANARY = """
			delete from background_job_redrive_canary where redrive_id = :id
			""";

	private final CallersTransaction transaction;

	private final Statements statements;

	private final Dialect dialect;

	private final LetterRedrive letters;

	private final Signal signal;

	JdbcRedriveStore(CallersTransaction transaction, Statements statements, EnqueueStore enqueue, Dialect dialect,
			Signal signal) {
		this.transaction = transaction;
		this.statements = statements;
		this.dialect = dialect;
		this.letters = new LetterRedrive(statements, enqueue, dialect);
		this.signal = signal;
	}

	@Override
	public List<RedrivenLetter> redrive(Collection<JobId> letters, Audit audit) {
		List<Long> ids = letters.stream().map(JobId::value).toList();
		return this.transaction.write(() -> this.letters.redrive(ids, null, audit));
	}

	@Override
	public Optional<RedrivenLetter> redriveCorrected(JobId letter, String payload, Audit audit) {
		return this.transaction
			.write(() -> this.letters.redrive(List.of(letter.value()), payload, audit).stream().findFirst());
	}

	@Override
	public Matching count(DeadLetterFilter filter) {
		return this.transaction
			.read(() -> DeadLetterSelection.bind(this.statements.of(COUNT), DeadLetterSelection.open(filter))
				.query((row, number) -> new Matching(row.getLong("matching"), row.getLong("last_letter")))
				.single());
	}

	@Override
	public long create(NewRedrive redrive) {
		DeadLetterFilter filter = redrive.filter();
		DeadReason reason = filter.reason();
		return this.transaction.write(() -> this.statements.of(this.dialect.returningId(CREATE))
			.param("state", (redrive.canary().isPresent() ? RedriveState.CANARY : RedriveState.RUNNING).name())
			.param("name", filter.name())
			.param("queue", filter.queue())
			.param("reason", (reason != null) ? DeadLetterMapper.reason(reason) : null)
			.param("errorClass", filter.errorClass())
			.param("fingerprint", filter.fingerprint())
			.param("tag", filter.tag())
			.param("diedFrom", DeadLetterSelection.timestamp(filter.diedFrom()))
			.param("diedBefore", DeadLetterSelection.timestamp(filter.diedBefore()))
			.param("lastLetter", redrive.matching().last())
			.param("matching", redrive.matching().count())
			.param("pause", Values.micros(redrive.pause()))
			.param("canary", redrive.canary().jobs())
			.param("canaryRequired", redrive.canary().required())
			.param("by", redrive.audit().by())
			.param("why", redrive.audit().why())
			.query(Long.class)
			.single());
	}

	@Override
	public Optional<RedriveInfo> find(long id) {
		return this.transaction
			.read(() -> this.statements.of(FIND).param("id", id).query(RedriveMapper.INSTANCE).optional());
	}

	@Override
	public List<RedriveInfo> list(@Nullable Long before, int limit) {
		return this.transaction.read(() -> this.statements.of(LIST)
			.param("before", (before != null) ? before : Long.MAX_VALUE)
			.param("limit", limit)
			.query(RedriveMapper.INSTANCE)
			.list());
	}

	@Override
	public boolean cancel(long id, Audit audit) {
		return this.transaction.write(() -> this.statements.of(CANCEL)
			.param("id", id)
			.param("by", audit.by())
			.param("why", audit.why())
			.update()) == 1;
	}

	@Override
	public boolean resume(long id, boolean canary, Audit audit) {
		return this.transaction.write(() -> {
			int resumed = this.statements.of(RESUME)
				.param("id", id)
				.param("canary", canary)
				.param("by", audit.by())
				.param("why", audit.why())
				.update();
			if (resumed == 1) {
				this.statements.of(FORGET_CANARY).param("id", id).update();
			}
			return resumed == 1;
		});
	}

	@Override
	public void announce() {
		this.signal.raise();
	}

}
