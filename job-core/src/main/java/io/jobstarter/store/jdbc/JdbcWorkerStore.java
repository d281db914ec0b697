package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.jobstarter.WorkerReport;
import io.jobstarter.store.WorkerStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps leases, and the pulse with them.
 */
final class JdbcWorkerStore implements WorkerStore {

	// A row may be there already: the reply to an earlier attempt was lost, or the
	// maintenance met the worker's jobs before the worker.
	private static final String REGISTER_AGAIN = """
			update background_job_worker
			set host = :host, pid = :pid, stopping = false, last_seen_at = clock_timestamp(),
			    expires_at = clock_timestamp() + cast(:lease as bigint) * interval '0.000001' second,
			    application = :application, serves = :serves, job_names = :jobNames
			where id = :id and dead_at is null
			""";

	private static final String REGISTER = """
			insert into background_job_worker (id, host, pid, started_at, last_seen_at, expires_at,
			    application, serves, job_names)
			select cast(:id as bigint), cast(:host as varchar), cast(:pid as bigint), t.now, t.now,
			    t.now + cast(:lease as bigint) * interval '0.000001' second,
			    cast(:application as varchar), cast(:serves as varchar), cast(:jobNames as varchar)
			from (select clock_timestamp() as now) t
			where not exists (select 1 from background_job_worker where id = :id)
			""";

	private static final String RENEW = """
			update background_job_worker
			set last_seen_at = clock_timestamp(),
			    expires_at = clock_timestamp() + cast(:lease as bigint) * interval '0.000001' second,
			    report = :report
			where id = :id and dead_at is null
			""";

	private static final String IS_DEAD = """
			select dead_at is not null from background_job_worker where id = :id
			""";

	private static final String MARK_STOPPING = """
			update background_job_worker set stopping = true where id = :id
			""";

	private static final String HAS_JOBS = """
			select exists (select 1 from background_job_job where worker = :id)
			""";

	private static final String DEREGISTER = """
			delete from background_job_worker where id = :id
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Pulse pulse;

	private final FleetShares fleet;

	private final @Nullable PostgresHeartbeat heartbeat;

	JdbcWorkerStore(EngineTransactions transactions, Statements statements, Dialect dialect,
			@Nullable PostgresHeartbeat heartbeat) {
		this.transactions = transactions;
		this.statements = statements;
		this.pulse = new Pulse(statements, dialect);
		this.fleet = new FleetShares(statements);
		this.heartbeat = heartbeat;
	}

	@Override
	public void register(WorkerRow worker, Duration lease) {
		this.transactions
			.execute(() -> (register(REGISTER_AGAIN, worker, lease) > 0) ? 1 : register(REGISTER, worker, lease));
	}

	private int register(String statement, WorkerRow worker, Duration lease) {
		return this.statements.of(statement)
			.param("id", worker.id())
			.param("host", worker.host())
			.param("pid", worker.pid())
			.param("lease", Values.micros(lease))
			.param("application", worker.application())
			.param("serves", WorkerText.of(worker.declaration()))
			.param("jobNames", WorkerText.ofNames(worker.jobNames()))
			.update();
	}

	@Override
	public Renewal renew(long worker, Duration lease, Duration heartbeat, @Nullable WorkerReport report) {
		String text = WorkerText.of(report);
		Optional<PostgresHeartbeat.Beat> beat = (this.heartbeat != null)
				? this.heartbeat.renew(worker, lease, Pulse.gap(heartbeat), text) : Optional.empty();
		if (beat.isEmpty()) {
			Renewal renewal = this.transactions.execute(() -> renew(worker, lease, text));
			this.transactions.execute(() -> this.pulse.beat(heartbeat));
			if (this.heartbeat != null) {
				this.heartbeat.leaveToTransactions();
			}
			return renewal;
		}
		if (beat.get() != PostgresHeartbeat.Beat.COUNTED) {
			// After a gap. A transaction of its own: all nodes share the pulse's row, and
			// a
			// lease must not wait for it.
			this.transactions.execute(() -> this.pulse.beat(heartbeat));
		}
		return (beat.get() != PostgresHeartbeat.Beat.NOT_ALIVE) ? Renewal.RENEWED
				: this.transactions.execute(() -> reasonOf(worker));
	}

	private Renewal renew(long worker, Duration lease, @Nullable String report) {
		int renewed = this.statements.of(RENEW)
			.param("id", worker)
			.param("lease", Values.micros(lease))
			.param("report", report)
			.update();
		if (renewed == 1) {
			return Renewal.RENEWED;
		}
		return reasonOf(worker);
	}

	// Why it is not renewed.
	private Renewal reasonOf(long worker) {
		List<Boolean> dead = this.statements.of(IS_DEAD).param("id", worker).query(Boolean.class).list();
		return dead.isEmpty() ? Renewal.MISSING : Renewal.DEAD;
	}

	@Override
	public void markStopping(long worker) {
		this.transactions.execute(() -> this.statements.of(MARK_STOPPING).param("id", worker).update());
	}

	@Override
	public void deregister(long worker) {
		this.transactions.execute(() -> {
			List<String> fleet = this.fleet.lock(worker);
			if (hasJobs(worker)) {
				return 0;
			}
			this.fleet.free(fleet, worker);
			return this.statements.of(DEREGISTER).param("id", worker).update();
		});
	}

	// Not a subquery of the delete: MariaDB would lock the rows that it reads.
	private boolean hasJobs(long worker) {
		return this.statements.of(HAS_JOBS).param("id", worker).query(Boolean.class).single();
	}

}
