package io.jobstarter.faults.fires;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.jobstarter.faults.fleet.Strike;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * All that is known of a fire test when it is over.
 *
 * @param every the schedule's interval
 * @param strikes what was done to nodes
 * @param fires the fires that were noted, the earliest first
 * @param ticks the bodies of their jobs that started, the earliest first
 * @param succeeded the jobs that have succeeded
 * @param broken the invariants that do not hold when it is over
 */
record FireFacts(Duration every, List<Strike> strikes, List<Fire> fires, List<Tick> ticks, Set<Long> succeeded,
		List<String> broken) {

	static FireFacts read(JdbcTemplate jdbc, Duration every, List<Strike> strikes, List<String> broken) {
		return new FireFacts(every, List.copyOf(strikes), jdbc.query("""
				select fire_at, job_id, noted_at from background_job_recurring_fire order by fire_at
				""", FireFacts::fire), jdbc.query("""
				select fire_millis, job_id, pid, started_at from tick order by started_at
				""", FireFacts::tick), new TreeSet<>(jdbc.queryForList("""
				select id from background_job_history where state = 'SUCCEEDED'
				""", Long.class)), List.copyOf(broken));
	}

	private static Fire fire(ResultSet row, int number) throws SQLException {
		return new Fire(row.getTimestamp("fire_at").toInstant(), row.getLong("job_id"),
				row.getTimestamp("noted_at").toInstant());
	}

	private static Tick tick(ResultSet row, int number) throws SQLException {
		return new Tick(Instant.ofEpochMilli(row.getLong("fire_millis")), row.getLong("job_id"), row.getLong("pid"),
				row.getTimestamp("started_at").toInstant());
	}

	/**
	 * A fire.
	 *
	 * @param at its instant by the schedule
	 * @param jobId its job
	 * @param notedAt when it was noted, together with its job
	 */
	record Fire(Instant at, long jobId, Instant notedAt) {

		Duration lateness() {
			return Duration.between(this.at, this.notedAt);
		}

	}

	/**
	 * A body that started.
	 *
	 * @param fire the fire that it is for
	 * @param jobId its job
	 * @param pid the process
	 * @param at when
	 */
	record Tick(Instant fire, long jobId, long pid, Instant at) {
	}

}
