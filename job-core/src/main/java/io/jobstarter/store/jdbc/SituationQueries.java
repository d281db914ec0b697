package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import io.jobstarter.BreakerInfo;
import io.jobstarter.BreakerState;
import io.jobstarter.JobId;
import io.jobstarter.JobState;
import io.jobstarter.store.FleetQueue;
import io.jobstarter.store.SituationStore;
import io.jobstarter.store.UniqueKey;
import org.jspecify.annotations.Nullable;

/**
 * Reads what explains a job's situation, without locks and by indexes only.
 */
final class SituationQueries implements SituationStore {

	private static final String JOB = """
			select j.id, j.name, j.queue, j.priority, j.front, j.seq, j.state, j.worker, j.claimed_at, j.attempt,
			    j.crashes, j.cancel_requested, j.created_at, j.due_at, j.blocked_by, clock_timestamp() as now,
			    p.last_beat, p.up_since
			from background_job_job j
			join background_job_pulse p on p.id = 1
			where j.id = :id
			""";

	private static final String QUEUE = """
			select paused_at, pause_reason, paused_by, concurrency from background_job_queue where name = :name
			""";

	private static final String WORKERS = """
			select id, host, pid, started_at, last_seen_at, expires_at, stopping, dead_at is not null as dead,
			    dead_at is null and expires_at > clock_timestamp() as alive, application, serves, report,
			    position(cast(:name as varchar) in job_names) > 0 as knows_name
			from background_job_worker order by started_at, id
			""";

	private static final String BREAKER = """
			select name, state, open_until, prober, reason, changed_at, changed_by
			from background_job_breaker where name = :name and generation > 0
			""";

	// In the order of the ready index, for which a planner reads it up to the limit
	// rather
	// than the table, whatever its statistics say. A lane each: together they would be no
	// range of the index.
	private static final String HIGHER_PRIORITY = """
			select count(*) as jobs, count(case when ahead.due_at > cast(:dueAt as timestamp with time zone) then 1 end) as overtaking from (
			    select due_at from background_job_job
			    where state = 0 and queue = :queue and priority > :priority and worker is null
			    order by state, queue, priority, front, seq fetch first :limit rows only) ahead
			""";

	private static final String EARLIER = """
			select count(*) from (
			    select id from background_job_job
			    where state = 0 and queue = :queue and priority = :priority and front = :front and seq < :seq
			      and worker is null
			    order by state, queue, priority, front, seq fetch first :limit rows only) ahead
			""";

	private static final String HELD = """
			select id, name, queue, worker, claimed_at from background_job_job
			where id = any (cast(:ids as bigint array)) and worker is not null
			order by claimed_at, id
			""";

	// A key that expires has a row of its own, whose job does not say so.
	private static final String HELD_KEY = """
			select duplicates from background_job_job where id = :id and unique_key = :key
			union all
			select 0 from background_job_expiring_key where unique_key = :key and job_id = :id
			and expires_at > clock_timestamp()
			""";

	private static final String RATES = """
			select name, permits, per_micros, taken, released, released_at, due_at, touched_at,
			    clock_timestamp() as now
			from background_job_rate where name = any (cast(:names as varchar array))
			order by name
			""";

	private static final String WAITING_BEFORE = """
			select count(*) from (
			    select id from background_job_job
			    where state = 3 and blocked_by = :reason and front = :front and seq < :seq
			    order by seq fetch first :limit rows only) before_it
			""";

	private final CallersTransaction transaction;

	private final Statements statements;

	SituationQueries(CallersTransaction transaction, Statements statements) {
		this.transaction = transaction;
		this.statements = statements;
	}

	@Override
	public Optional<PresentJob> job(JobId id) {
		return this.transaction
			.read(() -> this.statements.of(JOB).param("id", id.value()).query((row, number) -> job(row)).optional());
	}

	private static PresentJob job(ResultSet row) throws SQLException {
		Long worker = Values.nullableLong(row, "worker");
		return new PresentJob(new JobId(row.getLong("id")), row.getString("name"), ClaimedJobMapper.lane(row),
				row.getLong("seq"), state(worker, row.getInt("state")), worker,
				Values.nullableInstant(row, "claimed_at"), row.getInt("attempt"), row.getInt("crashes"),
				row.getBoolean("cancel_requested"), Values.instant(row, "created_at"), Values.instant(row, "due_at"),
				row.getString("blocked_by"), Values.instant(row, "now"), Values.instant(row, "last_beat"),
				Values.instant(row, "up_since"));
	}

	@Override
	public Optional<HeldKey> heldKey(JobId id, UniqueKey key) {
		return this.transaction.read(() -> this.statements.of(HELD_KEY)
			.param("id", id.value())
			.param("key", key.hash())
			.query((row, number) -> new HeldKey(row.getInt("duplicates")))
			.list()
			.stream()
			.findFirst());
	}

	private static JobState state(@Nullable Long worker, int state) {
		if (worker != null) {
			return JobState.RUNNING;
		}
		return switch (state) {
			case 0 -> JobState.READY;
			case 1 -> JobState.SCHEDULED;
			default -> JobState.BLOCKED;
		};
	}

	@Override
	public Optional<QueueSetting> queue(String queue) {
		return this.transaction.read(() -> this.statements.of(QUEUE)
			.param("name", queue)
			.query((row, number) -> new QueueSetting(Values.nullableInstant(row, "paused_at"),
					row.getString("pause_reason"), row.getString("paused_by"),
					row.getObject("concurrency", Integer.class)))
			.optional());
	}

	@Override
	public List<KnownWorker> workers(String jobName) {
		return this.transaction.read(() -> this.statements.of(WORKERS)
			.param("name", "," + jobName + ",")
			.query((row, number) -> worker(row))
			.list());
	}

	private static KnownWorker worker(ResultSet row) throws SQLException {
		boolean knows = row.getBoolean("knows_name");
		return new KnownWorker(WorkerQueries.worker(row), row.wasNull() ? null : knows);
	}

	@Override
	public Optional<BreakerInfo> breaker(String name) {
		return this.transaction.read(() -> this.statements.of(BREAKER)
			.param("name", name)
			.query((row, number) -> new BreakerInfo(row.getString("name"),
					Words.read(BreakerState.CLOSED, row.getString("state")), Values.instant(row, "changed_at"),
					Values.nullableInstant(row, "open_until"), Values.nullableLong(row, "prober"),
					row.getString("reason"), row.getString("changed_by"), 0))
			.optional());
	}

	@Override
	public List<FleetQueue> fleet(Collection<String> names) {
		return this.transaction.read(() -> new FleetRows(this.statements).read(names));
	}

	@Override
	public Ahead ahead(PresentJob job, int limit) {
		return this.transaction.read(() -> {
			Higher higher = higherPriority(job, limit);
			return new Ahead(higher.jobs(), job.lane().front() ? 0 : earlier(job, true, Long.MAX_VALUE, limit),
					earlier(job, job.lane().front(), job.position(), limit), limit, higher.overtaking());
		});
	}

	private Higher higherPriority(PresentJob job, int limit) {
		return this.statements.of(HIGHER_PRIORITY)
			.param("queue", StoredQueue.of(job.lane()))
			.param("priority", job.lane().priority())
			.param("dueAt", Values.timestamp(job.dueAt()))
			.param("limit", limit)
			.query((row, number) -> new Higher(row.getInt("jobs"), row.getInt("overtaking")))
			.single();
	}

	private int earlier(PresentJob job, boolean front, long position, int limit) {
		return this.statements.of(EARLIER)
			.param("queue", StoredQueue.of(job.lane()))
			.param("priority", job.lane().priority())
			.param("front", front)
			.param("seq", position)
			.param("limit", limit)
			.query(Integer.class)
			.single();
	}

	@Override
	public List<RateUse> rates(PresentJob job) {
		List<String> names = (job.state() == JobState.BLOCKED) ? List.of(String.valueOf(job.reason()))
				: JdbcRateStore.namesFor(job.lane().queue());
		return this.transaction.read(() -> this.statements.of(RATES)
			.param("names", names.toArray(String[]::new))
			.query((row, number) -> use(RateRow.of(row)))
			.list());
	}

	private static RateUse use(RateRow row) {
		long now = row.now(row.rate());
		int free = row.window().free(row.rate(), now);
		String name = row.name().substring(row.name().indexOf(':') + 1);
		return new RateUse(name, row.rate(), free,
				(free == 0) ? RateRow.instant(now + row.window().untilFree(row.rate(), now, 1)) : null);
	}

	@Override
	public int waitingBefore(PresentJob job, int limit) {
		return this.transaction.read(() -> {
			int returned = job.lane().front() ? 0 : waitingBefore(job, true, Long.MAX_VALUE, limit);
			return Math.min(limit, returned + waitingBefore(job, job.lane().front(), job.position(), limit));
		});
	}

	private int waitingBefore(PresentJob job, boolean front, long position, int limit) {
		return this.statements.of(WAITING_BEFORE)
			.param("reason", job.reason())
			.param("front", front)
			.param("seq", position)
			.param("limit", limit)
			.query(Integer.class)
			.single();
	}

	@Override
	public List<HeldJob> held(Collection<JobId> ids) {
		if (ids.isEmpty()) {
			return List.of();
		}
		return this.transaction.read(() -> this.statements.of(HELD)
			.param("ids", ids.stream().map(JobId::value).toArray(Long[]::new))
			.query((row, number) -> new HeldJob(new JobId(row.getLong("id")), row.getString("name"),
					StoredQueue.queueOf(row.getString("queue")), row.getLong("worker"),
					Values.instant(row, "claimed_at")))
			.list());
	}

	/**
	 * Jobs of a higher priority.
	 *
	 * @param jobs how many
	 * @param overtaking how many of them became due after the job
	 */
	private record Higher(int jobs, int overtaking) {
	}

}
