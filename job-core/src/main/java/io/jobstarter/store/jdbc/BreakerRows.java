package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.jobstarter.BreakerState;
import io.jobstarter.store.BreakerChange;
import io.jobstarter.store.BreakerRow;
import org.jspecify.annotations.Nullable;

/**
 * The rows of circuit breakers, read and changed in the transaction of the calling
 * thread.
 */
final class BreakerRows {

	static final String NOT_CLOSED = """
			select b.name, b.state, b.generation, b.openings, b.open_until, b.prober, clock_timestamp() as now,
			    exists (select 1 from background_job_worker w
			            where w.id = b.prober and w.dead_at is null and w.expires_at > clock_timestamp()) as alive
			from background_job_breaker b
			where b.state <> 'CLOSED'
			""";

	private static final String ONE = """
			select b.name, b.state, b.generation, b.openings, b.open_until, b.prober, clock_timestamp() as now,
			    exists (select 1 from background_job_worker w
			            where w.id = b.prober and w.dead_at is null and w.expires_at > clock_timestamp()) as alive
			from background_job_breaker b
			where b.name = :name
			""";

	private static final String LOCK = """
			select name from background_job_breaker where name = :name for update
			""";

	private static final String LOCK_UNLESS_LOCKED = """
			select name from background_job_breaker where name = :name for update skip locked
			""";

	private static final String CHANGE = """
			update background_job_breaker
			set state = :state, generation = generation + 1, openings = :openings,
			    open_until = clock_timestamp() + cast(:wait as bigint) * interval '0.000001' second,
			    prober = cast(:prober as bigint), reason = :reason, changed_at = clock_timestamp(), changed_by = :by
			where name = :name and generation = :generation
			""";

	private static final String CHANGED_SINCE = """
			select exists (select 1 from background_job_breaker
			               where name = :name and generation > 0
			                 and changed_at > clock_timestamp() - cast(:ago as bigint) * interval '0.000001' second)
			""";

	private static final String PROBE = """
			update background_job_breaker
			set state = 'HALF_OPEN', generation = generation + 1, open_until = null,
			    prober = :prober, changed_at = clock_timestamp(), changed_by = :by
			where name = :name
			""";

	private final Statements statements;

	private final Dialect dialect;

	BreakerRows(Statements statements, Dialect dialect) {
		this.statements = statements;
		this.dialect = dialect;
	}

	/**
	 * Makes sure that there is a row to lock.
	 * @param name the breaker's name
	 */
	void ensure(String name) {
		this.statements.of(this.dialect.ensureBreaker()).param("name", name).update();
	}

	/**
	 * Locks a row that is there.
	 * @param name the breaker's name
	 * @return how the breaker stands
	 */
	BreakerRow lock(String name) {
		this.statements.of(LOCK).param("name", name).query(String.class).single();
		return read(name);
	}

	Optional<BreakerRow> lockUnlessLocked(String name) {
		return this.statements.of(LOCK_UNLESS_LOCKED)
			.param("name", name)
			.query(String.class)
			.optional()
			.map((locked) -> read(name));
	}

	BreakerRow read(String name) {
		return this.statements.of(ONE)
			.param("name", name)
			.query((row, number) -> row(row))
			.optional()
			.orElseGet(() -> BreakerRow.closed(name));
	}

	boolean hasChangedSince(String name, Duration ago) {
		return this.statements.of(CHANGED_SINCE)
			.param("name", name)
			.param("ago", Values.micros(ago))
			.query(Boolean.class)
			.single();
	}

	boolean change(BreakerChange change, long generation) {
		return this.statements.of(CHANGE)
			.param("name", change.name())
			.param("state", change.state().name())
			.param("openings", change.openings())
			.param("wait", (change.delay() != null) ? Values.micros(change.delay()) : null)
			.param("prober", null)
			.param("reason", change.reason())
			.param("by", change.by())
			.param("generation", generation)
			.update() == 1;
	}

	void probe(String name, long prober, String by) {
		this.statements.of(PROBE).param("name", name).param("prober", prober).param("by", by).update();
	}

	static BreakerRow row(ResultSet row) throws SQLException {
		Instant now = Values.instant(row, "now");
		return new BreakerRow(row.getString("name"), Words.read(BreakerState.CLOSED, row.getString("state")),
				row.getLong("generation"), row.getInt("openings"), left(now, Values.nullableInstant(row, "open_until")),
				Values.nullableLong(row, "prober"), row.getBoolean("alive"));
	}

	private static @Nullable Duration left(Instant now, @Nullable Instant until) {
		return (until != null) ? Duration.between(now, until) : null;
	}

}
