package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import io.jobstarter.store.DueWatch;
import io.jobstarter.store.Lane;
import io.jobstarter.store.MaintenanceStore;
import org.jspecify.annotations.Nullable;

/**
 * The statements of the periodic duties, but for those of {@link WorkerRecovery} and
 * {@link Retention}.
 */
final class JdbcMaintenanceStore implements MaintenanceStore {

	// The clock is read once, in a subquery: compared with clock_timestamp() itself,
	// which is volatile, PostgreSQL would walk the whole index instead of a range of it.
	private static final String DUE = """
			select id, due_at from background_job_job
			where state = 1 and due_at <= (select clock_timestamp())
			order by due_at fetch first :limit rows only
			for update skip locked
			""";

	private static final String LANES = """
			select distinct queue, priority, front from background_job_job
			where id = any (cast(:ids as bigint array))
			""";

	// Those that are overdue as well.
	private static final String FIRST_DUE = """
			select min(due_at) as due_at, clock_timestamp() as now from background_job_job where state = 1
			""";

	private static final String NEXT_DUE = """
			select min(due_at) as due_at, clock_timestamp() as now from background_job_job
			where state = 1 and due_at > (select clock_timestamp())
			""";

	private static final String TAKE_SWEEP = """
			update background_job_pulse set last_sweep = clock_timestamp()
			where id = 1 and (last_sweep is null or last_sweep > clock_timestamp()
			    or last_sweep <= clock_timestamp() - cast(:every as bigint) * interval '0.000001' second)
			""";

	private static final String ADOPT = """
			insert into background_job_worker (id, host, pid, started_at, last_seen_at, expires_at)
			select u.worker, 'unknown', 0, t.now, t.now, t.now + cast(:lease as bigint) * interval '0.000001' second
			from (select distinct j.worker from background_job_job j
			      where j.worker is not null
			        and not exists (select 1 from background_job_worker w where w.id = j.worker)) u
			cross join (select clock_timestamp() as now) t
			""";

	// Once for each of the two indexes.
	private static final String BLOCKED_BY_NOTHING = """
			select id from background_job_job where state = 2 and blocked_by is null
			union all
			select id from background_job_job where state = 3 and blocked_by is null
			fetch first :limit rows only
			""";

	private static final String LOCK_BLOCKED_BY_NOTHING = """
			select id from background_job_job
			where id = any (cast(:ids as bigint array)) and (state = 2 or state = 3) and blocked_by is null
			for update skip locked
			""";

	private static final Duration A_DAY = Duration.ofDays(1);

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Reads reads;

	private final Dialect dialect;

	private final DueWatch due;

	private final WorkerRecovery recovery;

	private final Retention retention;

	private final DeadLetterFingerprints fingerprints;

	JdbcMaintenanceStore(EngineTransactions transactions, Statements statements, Reads reads, Dialect dialect,
			DueWatch due, KeyPermits permits) {
		this.transactions = transactions;
		this.statements = statements;
		this.reads = reads;
		this.dialect = dialect;
		this.due = due;
		this.recovery = new WorkerRecovery(transactions, statements, reads, dialect, permits);
		this.retention = new Retention(transactions, statements, dialect);
		this.fingerprints = new DeadLetterFingerprints(transactions, statements);
	}

	@Override
	public Promotion promote(int limit) {
		long askedAt = System.nanoTime();
		Optional<Duration> first = this.reads.query(FIRST_DUE, Map.of(), JdbcMaintenanceStore::dueIn).get(0);
		if (first.isEmpty() || !first.get().isZero()) {
			this.due.seen(askedAt, first.orElse(A_DAY));
			return new Promotion(0, Set.of(), first.orElse(null));
		}
		return this.transactions.execute(() -> {
			List<Long> due = due(limit);
			Set<Lane> lanes = due.isEmpty() ? Set.of() : makeReady(due, false);
			return new Promotion(due.size(), lanes, (due.size() < limit) ? nextDueIn() : Duration.ZERO);
		});
	}

	private List<Long> due(int limit) {
		return this.statements.of(DUE)
			.param("limit", limit)
			.query((row, number) -> new Due(row.getLong("id"), Values.instant(row, "due_at")))
			.list()
			.stream()
			.sorted(Comparator.comparing(Due::at).thenComparing(Due::id))
			.map(Due::id)
			.toList();
	}

	private Set<Lane> makeReady(List<Long> ids, boolean front) {
		this.statements.of(this.dialect.makeReady())
			.param("ids", Values.ids(ids))
			.param("front", front)
			.param("crashes", 0)
			.update();
		return Set.copyOf(this.statements.of(LANES).param("ids", Values.ids(ids)).query(ClaimedJobMapper.LANE).list());
	}

	// Due jobs that are locked are not counted: their time is the next poll, not at once.
	private @Nullable Duration nextDueIn() {
		return this.statements.of(NEXT_DUE).query(JdbcMaintenanceStore::dueIn).single().orElse(null);
	}

	private static Optional<Duration> dueIn(ResultSet row, int number) throws SQLException {
		Instant due = Values.nullableInstant(row, "due_at");
		Instant now = Values.instant(row, "now");
		return Optional.ofNullable(due).map((at) -> between(now, at));
	}

	private static Duration between(Instant now, Instant due) {
		return due.isBefore(now) ? Duration.ZERO : Duration.between(now, due);
	}

	@Override
	public Optional<Recovery> recover(long after, Duration lease, int crashLimit, int limit,
			Predicate<String> callback) {
		return this.recovery.recover(after, lease, crashLimit, limit, callback);
	}

	@Override
	public int adoptUnknownWorkers(Duration lease, Duration every) {
		return this.transactions.execute(() -> {
			int taken = this.statements.of(TAKE_SWEEP).param("every", Values.micros(every)).update();
			return (taken == 0) ? 0 : this.statements.of(ADOPT).param("lease", Values.micros(lease)).update();
		});
	}

	@Override
	public Set<Lane> freeBlockedByNothing(int limit) {
		List<Long> found = this.reads.query(BLOCKED_BY_NOTHING, Map.of("limit", limit),
				(row, number) -> row.getLong("id"));
		return found.isEmpty() ? Set.of() : this.transactions.execute(() -> {
			List<Long> ids = this.statements.of(LOCK_BLOCKED_BY_NOTHING)
				.param("ids", Values.ids(found))
				.query(Long.class)
				.list();
			return ids.isEmpty() ? Set.of() : makeReady(ids, true);
		});
	}

	@Override
	public int deleteHistory(Duration retention, int limit) {
		return this.retention.deleteHistory(retention, limit);
	}

	@Override
	public int deleteResolvedDeadLetters(Duration retention, int limit) {
		return this.retention.deleteResolvedDeadLetters(retention, limit);
	}

	@Override
	public int fingerprintDeadLetters(int limit) {
		return this.fingerprints.fillIn(limit);
	}

	@Override
	public int deleteExpiredKeys(int limit) {
		return this.retention.deleteExpiredKeys(limit);
	}

	@Override
	public int deleteFailures(Duration retention, int limit) {
		return this.retention.deleteFailures(retention, limit);
	}

	/**
	 * A job that is due.
	 *
	 * @param id its id
	 * @param at since when
	 */
	private record Due(long id, Instant at) {
	}

}
