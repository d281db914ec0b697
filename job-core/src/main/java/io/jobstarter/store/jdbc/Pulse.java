package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The record of how long heartbeats have come without a gap, and what makes up for gaps.
 * <p>
 * In a gap nobody was at work, or nobody could tell: the database was away, its clock was
 * set, or all nodes were dead. Nobody can know which, so leases stand still in a gap: its
 * length is added to those that were not renewed since, but for one heartbeat. So nodes
 * that come back have their leases, and nodes that live for a moment only use up those of
 * the dead all the same.
 */
final class Pulse {

	private static final String LOCK = """
			select last_beat, clock_timestamp() as beat from background_job_pulse where id = 1 for update skip locked
			""";

	/** Changes nothing if another node has the row, and beats for all, or in a gap. */
	private static final String BEAT_UNLESS_LOCKED = """
			update background_job_pulse set last_beat = clock_timestamp()
			where id = (select p.id from background_job_pulse p where p.id = 1 for update skip locked)
			  and last_beat <= clock_timestamp()
			  and last_beat >= clock_timestamp() - cast(:gap as bigint) * interval '0.000001' second
			""";

	private static final String BEAT = """
			update background_job_pulse set last_beat = clock_timestamp() where id = 1
			""";

	private static final String BEAT_ANEW = """
			update background_job_pulse set last_beat = clock_timestamp(), up_since = clock_timestamp() where id = 1
			""";

	// Who was seen within two heartbeats has renewed its lease since, or need not fear
	// for
	// it.
	private static final String EXTEND_LEASES = """
			update background_job_worker
			set expires_at = expires_at + cast(:missed as bigint) * interval '0.000001' second
			where dead_at is null
			  and (last_seen_at > clock_timestamp()
			    or last_seen_at < clock_timestamp() - cast(:gap as bigint) * interval '0.000001' second)
			""";

	private final Statements statements;

	private final Dialect dialect;

	Pulse(Statements statements, Dialect dialect) {
		this.statements = statements;
		this.dialect = dialect;
	}

	/**
	 * Says how long a time without beats is a gap.
	 * @param heartbeat the interval of heartbeats
	 * @return the time
	 */
	static Duration gap(Duration heartbeat) {
		return heartbeat.multipliedBy(2);
	}

	/**
	 * Beats, in the transaction of the calling thread.
	 * @param heartbeat the interval of heartbeats
	 * @return the number of rows that were changed
	 */
	int beat(Duration heartbeat) {
		if (this.dialect.locksInSubqueries()
				&& this.statements.of(BEAT_UNLESS_LOCKED).param("gap", Values.micros(gap(heartbeat))).update() > 0) {
			return 1;
		}
		List<Last> last = this.statements.of(LOCK).query(Last::new).list();
		return last.isEmpty() ? 0 : beat(last.get(0), heartbeat);
	}

	private int beat(Last last, Duration heartbeat) {
		Duration since = last.until();
		if (!since.isNegative() && since.compareTo(gap(heartbeat)) <= 0) {
			return this.statements.of(BEAT).update();
		}
		int extended = this.statements.of(EXTEND_LEASES)
			.param("missed", Values.micros(since.minus(heartbeat)))
			.param("gap", Values.micros(gap(heartbeat)))
			.update();
		return extended + this.statements.of(BEAT_ANEW).update();
	}

	/**
	 * The beat before this one.
	 *
	 * @param at when it was
	 * @param now the time, by the same clock
	 */
	private record Last(Instant at, Instant now) {

		Last(ResultSet row, int number) throws SQLException {
			this(Values.instant(row, "last_beat"), Values.instant(row, "beat"));
		}

		Duration until() {
			return Duration.between(this.at, this.now);
		}

	}

}
