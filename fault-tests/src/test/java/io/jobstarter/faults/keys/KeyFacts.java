package io.jobstarter.faults.keys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.faults.Keyed;
import io.jobstarter.faults.fleet.Strike;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * All that is known of a key test when it is over.
 *
 * @param lease the nodes' lease
 * @param expected the jobs that were committed, by their numbers
 * @param strikes what was done to nodes
 * @param bodies the bodies that began, the earliest first
 * @param effects the bodies whose effects were committed
 * @param succeeded the jobs that have succeeded
 * @param held what was wrong with the permits while the jobs ran
 * @param left what is left when all is over
 */
record KeyFacts(Duration lease, Map<Integer, Keyed> expected, List<Strike> strikes, List<Body> bodies,
		Set<Long> effects, Set<Long> succeeded, List<String> held, List<String> left) {

	static List<Body> bodies(JdbcTemplate jdbc) {
		return jdbc.query("""
				select id, number, job_id, kind, key_name, attempt, pid, begun_at, ended_at from body order by begun_at
				""", KeyFacts::body);
	}

	static Set<Long> effects(JdbcTemplate jdbc) {
		return new HashSet<>(jdbc.queryForList("select body_id from key_effect", Long.class));
	}

	static Set<Long> succeeded(JdbcTemplate jdbc) {
		return new HashSet<>(
				jdbc.queryForList("select id from background_job_history where state = 'SUCCEEDED'", Long.class));
	}

	private static Body body(ResultSet row, int number) throws SQLException {
		Timestamp end = row.getTimestamp("ended_at");
		return new Body(row.getLong("id"), row.getInt("number"), row.getLong("job_id"),
				KeyKind.named(row.getString("kind")), row.getString("key_name"), row.getInt("attempt"),
				row.getLong("pid"), row.getTimestamp("begun_at").toInstant(), (end != null) ? end.toInstant() : null);
	}

	/**
	 * A body that began. Times are the database's.
	 *
	 * @param id which body
	 * @param number which job of the test
	 * @param jobId the job's id
	 * @param kind its type
	 * @param key its key
	 * @param attempt which attempt
	 * @param pid the process
	 * @param from when it began
	 * @param to when it ended, or {@code null} if it did not
	 */
	record Body(long id, int number, long jobId, KeyKind kind, String key, int attempt, long pid, Instant from,
			@Nullable Instant to) {

		String lock() {
			return this.kind.group() + ":" + this.key;
		}

	}

}
