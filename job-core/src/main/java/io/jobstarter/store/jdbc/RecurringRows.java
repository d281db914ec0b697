package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import io.jobstarter.JobId;
import io.jobstarter.JobState;
import io.jobstarter.Misfire;
import io.jobstarter.Overlap;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringJob;
import io.jobstarter.RecurringRun;
import io.jobstarter.RecurringSource;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of recurring jobs, in the transaction of the calling thread. Whoever changes
 * one has locked it.
 */
final class RecurringRows {

	private static final String NOW = """
			select clock_timestamp() as now
			""";

	private static final String COLUMNS = """
			r.id, r.source, r.schedule, r.zone, r.job_name, r.payload, r.queue, r.priority, r.description,
			    r.misfire, r.overlap, r.jitter_micros, r.catch_up_micros, r.paused_at, r.paused_by,
			    r.pause_reason, r.next_fire_at, r.last_fire_at, r.last_job, r.missed, r.declared_at,
			    r.retired_at""";

	// A job is in one of the three tables, or none knows it any more.
	private static final String LIST = """
			select %s,
			    case when h.id is not null then h.state when d.job_id is not null then 'DEAD'
			        when j.worker is not null then 'RUNNING' when j.state >= 2 then 'BLOCKED'
			        when j.state = 1 then 'SCHEDULED' when j.state = 0 then 'READY' end as last_state,
			    coalesce(h.started_at, d.started_at, j.claimed_at) as last_started_at,
			    coalesce(h.finished_at, d.died_at) as last_finished_at
			from background_job_recurring r
			left join background_job_job j on j.id = r.last_job
			left join background_job_dead_letter d on d.job_id = r.last_job
			left join background_job_history h on h.id = r.last_job
			""".formatted(COLUMNS);

	private static final String FIND = LIST + """
			where r.id = :id
			""";

	private static final String PAGE = LIST + """
			where r.id > :after
			order by r.id fetch first :limit rows only
			""";

	private static final String ACTIVE = LIST + """
			where r.paused_at is null and r.retired_at is null and r.source <> 'NEW'
			order by r.id
			""";

	private static final String LOCK = """
			select %s, clock_timestamp() as now
			from background_job_recurring r where r.id = :id
			for update
			""".formatted(COLUMNS);

	private static final String LOCK_DUE = """
			select %s, clock_timestamp() as now, %s as bound
			from background_job_recurring r
			where r.id = :id and r.next_fire_at <= clock_timestamp() and r.paused_at is null and r.retired_at is null
			for update skip locked
			""";

	private static final String WRITE = """
			update background_job_recurring
			set source = :source, schedule = :schedule, zone = :zone, job_name = :jobName, payload = :payload,
			    queue = :queue, priority = :priority, description = :description, misfire = :misfire,
			    overlap = :overlap, jitter_micros = :jitter, catch_up_micros = cast(:catchUp as bigint),
			    next_fire_at = cast(:next as timestamp with time zone),
			    declared_at = case when cast(:declared as boolean) then clock_timestamp() end, retired_at = null,
			    updated_at = clock_timestamp()
			where id = :id
			""";

	private static final String MOVE = """
			update background_job_recurring
			set next_fire_at = cast(:next as timestamp with time zone), missed = missed + :missed
			where id = :id
			""";

	private static final String END_PAUSE = """
			update background_job_recurring set paused_at = null, paused_by = null, pause_reason = null
			where id = :id
			""";

	private static final String NOTE_LAST = """
			update background_job_recurring
			set last_fire_at = cast(:at as timestamp with time zone), last_job = :job
			where id = :id
			""";

	private static final String NOTE_FIRE = """
			insert into background_job_recurring_fire (recurring_id, fire_at, job_id, outcome, noted_at)
			values (:id, cast(:at as timestamp with time zone), cast(:job as bigint), :outcome, clock_timestamp())
			""";

	private static final String NOTED = """
			select fire_at from background_job_recurring_fire
			where recurring_id = :id and fire_at >= cast(:from as timestamp with time zone)
			""";

	private final Statements statements;

	private final Dialect dialect;

	private final String lockDue;

	RecurringRows(Statements statements, Dialect dialect) {
		this.statements = statements;
		this.dialect = dialect;
		this.lockDue = LOCK_DUE.formatted(COLUMNS, dialect.boundOfFire());
	}

	/**
	 * Tells the time.
	 * @return the database's, in microseconds as it is stored
	 */
	Instant now() {
		return this.statements.of(NOW)
			.query((row, number) -> Values.instant(row, "now"))
			.single()
			.truncatedTo(ChronoUnit.MICROS);
	}

	Optional<RecurringJob> find(String id) {
		return this.statements.of(FIND).param("id", id).query(RecurringRows::job).optional();
	}

	List<RecurringJob> list(@Nullable String after, int limit) {
		return this.statements.of(PAGE)
			.param("after", (after != null) ? after : "")
			.param("limit", limit)
			.query(RecurringRows::job)
			.list();
	}

	List<RecurringJob> active() {
		return this.statements.of(ACTIVE).query(RecurringRows::job).list();
	}

	/**
	 * Makes sure that there is a row, and locks it. A new one is {@link Row#isNew() new}.
	 * @param id its id
	 * @return the row
	 */
	Row lockOrMake(String id) {
		this.statements.of(this.dialect.ensureRecurring()).param("id", id).update();
		return lock(id).orElseThrow();
	}

	Optional<Row> lock(String id) {
		return this.statements.of(LOCK).param("id", id).query(Row::new).optional();
	}

	Optional<Row> lockDue(String id) {
		return this.statements.of(this.lockDue).param("id", id).query(Row::new).optional();
	}

	void write(RecurringDefinition definition, RecurringSource source, @Nullable Instant next) {
		Duration catchUp = definition.catchUp();
		this.statements.of(WRITE)
			.param("id", definition.id())
			.param("source", source.name())
			.param("schedule", definition.schedule())
			.param("zone", definition.zone())
			.param("jobName", definition.jobName())
			.param("payload", definition.payload())
			.param("queue", definition.queue())
			.param("priority", definition.priority())
			.param("description", definition.description())
			.param("misfire", definition.misfire().name())
			.param("overlap", definition.overlap().name())
			.param("jitter", Values.micros(definition.jitter()))
			.param("catchUp", (catchUp != null) ? Values.micros(catchUp) : null)
			.param("next", timestamp(next))
			.param("declared", source != RecurringSource.DYNAMIC)
			.update();
	}

	void endPause(String id) {
		this.statements.of(END_PAUSE).param("id", id).update();
	}

	void move(String id, @Nullable Instant next, long missed) {
		this.statements.of(MOVE).param("id", id).param("next", timestamp(next)).param("missed", missed).update();
	}

	void noteLast(String id, Instant at, JobId job) {
		this.statements.of(NOTE_LAST)
			.param("id", id)
			.param("at", Values.timestamp(at))
			.param("job", job.value())
			.update();
	}

	void noteFire(String id, Instant at, @Nullable JobId job, String outcome) {
		this.statements.of(NOTE_FIRE)
			.param("id", id)
			.param("at", Values.timestamp(at))
			.param("job", (job != null) ? job.value() : null)
			.param("outcome", outcome)
			.update();
	}

	List<Instant> noted(String id, Instant from) {
		return this.statements.of(NOTED)
			.param("id", id)
			.param("from", Values.timestamp(from))
			.query((row, number) -> Values.instant(row, "fire_at"))
			.list();
	}

	JdbcClient.StatementSpec of(String statement) {
		return this.statements.of(statement);
	}

	private static @Nullable String timestamp(@Nullable Instant instant) {
		return (instant != null) ? Values.timestamp(instant) : null;
	}

	private static RecurringDefinition definition(ResultSet row) throws SQLException {
		Long catchUp = Values.nullableLong(row, "catch_up_micros");
		return new RecurringDefinition(row.getString("id"), row.getString("schedule"), row.getString("zone"),
				row.getString("job_name"), row.getString("payload"), row.getString("queue"), row.getInt("priority"),
				row.getString("description"), Words.read(Misfire.ONCE, row.getString("misfire")),
				Words.read(Overlap.ALLOW, row.getString("overlap")), duration(row.getLong("jitter_micros")),
				(catchUp != null) ? duration(catchUp) : null);
	}

	private static Duration duration(long micros) {
		return Duration.of(micros, ChronoUnit.MICROS);
	}

	private static RecurringJob job(ResultSet row, int number) throws SQLException {
		Instant pausedAt = Values.nullableInstant(row, "paused_at");
		return new RecurringJob(definition(row), Words.read(RecurringSource.DYNAMIC, row.getString("source")),
				(pausedAt != null)
						? new RecurringJob.Pause(pausedAt, row.getString("paused_by"), row.getString("pause_reason"))
						: null,
				Values.nullableInstant(row, "next_fire_at"), lastRun(row), row.getLong("missed"),
				Values.nullableInstant(row, "declared_at"), Values.nullableInstant(row, "retired_at"));
	}

	private static @Nullable RecurringRun lastRun(ResultSet row) throws SQLException {
		Long job = Values.nullableLong(row, "last_job");
		if (job == null) {
			return null;
		}
		String state = row.getString("last_state");
		return new RecurringRun(new JobId(job), Values.instant(row, "last_fire_at"),
				(state != null) ? Words.read(JobState.DISCARDED, state) : null,
				Values.nullableInstant(row, "last_started_at"), Values.nullableInstant(row, "last_finished_at"));
	}

	/**
	 * A row that is locked.
	 *
	 * @param definition what was declared
	 * @param source where, or {@code null} if it is new
	 * @param paused whether it is paused
	 * @param switchedOff whether a configuration has paused it
	 * @param retired whether it is retired
	 * @param next when it fires next, if it does
	 * @param lastJob its last job, if there was one
	 * @param now the database's time
	 */
	record Row(RecurringDefinition definition, @Nullable RecurringSource source, boolean paused, boolean switchedOff,
			boolean retired, @Nullable Instant next, @Nullable JobId lastJob, Instant now) {

		private static final String NEW = "NEW";

		Row(ResultSet row, int number) throws SQLException {
			this(RecurringRows.definition(row), source(row.getString("source")),
					Values.nullableInstant(row, "paused_at") != null,
					RecurringUpkeep.CONFIGURATION.equals(row.getString("paused_by")),
					Values.nullableInstant(row, "retired_at") != null, Values.nullableInstant(row, "next_fire_at"),
					lastJob(row), Values.instant(row, "now"));
		}

		private static @Nullable RecurringSource source(String source) {
			return source.equals(NEW) ? null : Words.read(RecurringSource.DYNAMIC, source);
		}

		private static @Nullable JobId lastJob(ResultSet row) throws SQLException {
			Long job = Values.nullableLong(row, "last_job");
			return (job != null) ? new JobId(job) : null;
		}

		boolean isNew() {
			return this.source == null;
		}

		boolean isDeclared() {
			return this.source != null && this.source != RecurringSource.DYNAMIC && !this.retired;
		}

	}

}
