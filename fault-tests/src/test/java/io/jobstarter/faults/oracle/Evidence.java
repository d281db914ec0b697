package io.jobstarter.faults.oracle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a run has left in the database.
 *
 * @param starts every start of a body, the earliest first
 * @param effects the effects that were committed
 * @param postponements attempts that are made again without being used up
 * @param endings what the history holds
 * @param failures failed attempts
 * @param deadLetters jobs that died
 * @param unfinished jobs that still wait or run
 * @param workers the processes that still have a worker's row
 */
public record Evidence(List<Start> starts, List<EffectRow> effects, List<Postponement> postponements,
		List<Ending> endings, List<Failure> failures, List<DeadLetterRow> deadLetters, List<Unfinished> unfinished,
		List<Long> workers) {

	private static final Pattern NUMBER = Pattern.compile("\"number\"\\s*:\\s*(-?\\d+)");

	public static Evidence read(JdbcTemplate jdbc) {
		return new Evidence(jdbc.query("""
				select number, job_id, attempt, node, pid, worker, claim, started_at from ledger
				order by started_at
				""", Evidence::toStart),
				jdbc.query("select number, job_id, node, begun_at from effect", Evidence::toEffect),
				jdbc.query("select job_id, node, postponed_at from postponed", Evidence::toPostponement), jdbc.query("""
						select id, state, attempts, crashes, enqueued_at, due_at, finished_at
						from background_job_history
						""", Evidence::toEnding), jdbc.query("""
						select job_id, number, failed_at, worker, error_class, message from background_job_failure
						order by number
						""", Evidence::toFailure), jdbc.query("""
						select job_id, reason, message, attempts, crashes, enqueued_at, died_at, payload
						from background_job_dead_letter
						""", Evidence::toDeadLetter), jdbc.query("""
						select id, state, worker, attempt, crashes, created_at, due_at, payload
						from background_job_job
						""", Evidence::toUnfinished), workers(jdbc));
	}

	public static List<Long> workers(JdbcTemplate jdbc) {
		return jdbc.queryForList("select pid from background_job_worker", Long.class);
	}

	/**
	 * Finds out which of a test's jobs a stored payload belongs to.
	 * @param payload the payload as it is stored
	 * @return the job's number
	 */
	public static int numberIn(String payload) {
		Matcher matcher = NUMBER.matcher(payload);
		if (!matcher.find()) {
			throw new IllegalArgumentException("Not a job of these tests: " + payload);
		}
		return Integer.parseInt(matcher.group(1));
	}

	private static Start toStart(ResultSet row, int index) throws SQLException {
		return new Start(row.getInt("number"), row.getLong("job_id"), row.getInt("attempt"), row.getString("node"),
				row.getLong("pid"), new Fence(row.getLong("worker"), row.getLong("claim")), instant(row, "started_at"));
	}

	private static EffectRow toEffect(ResultSet row, int index) throws SQLException {
		return new EffectRow(row.getInt("number"), row.getLong("job_id"), row.getString("node"),
				instant(row, "begun_at"));
	}

	private static Postponement toPostponement(ResultSet row, int index) throws SQLException {
		return new Postponement(row.getLong("job_id"), row.getString("node"), instant(row, "postponed_at"));
	}

	private static Ending toEnding(ResultSet row, int index) throws SQLException {
		return new Ending(row.getLong("id"), row.getString("state"), row.getInt("attempts"), row.getInt("crashes"),
				instant(row, "enqueued_at"), instant(row, "due_at"), instant(row, "finished_at"));
	}

	private static Failure toFailure(ResultSet row, int index) throws SQLException {
		return new Failure(row.getLong("job_id"), row.getInt("number"), instant(row, "failed_at"),
				row.getLong("worker"), row.getString("error_class") + ": " + row.getString("message"));
	}

	private static DeadLetterRow toDeadLetter(ResultSet row, int index) throws SQLException {
		return new DeadLetterRow(row.getLong("job_id"), row.getString("reason"), row.getString("message"),
				row.getInt("attempts"), row.getInt("crashes"), instant(row, "enqueued_at"), instant(row, "died_at"),
				numberIn(row.getString("payload")));
	}

	private static Unfinished toUnfinished(ResultSet row, int index) throws SQLException {
		String state = "state " + row.getInt("state") + ", worker " + row.getObject("worker") + ", attempts "
				+ row.getInt("attempt") + ", crashes " + row.getInt("crashes") + ", due "
				+ row.getTimestamp("due_at").toInstant();
		return new Unfinished(row.getLong("id"), state, instant(row, "created_at"), numberIn(row.getString("payload")));
	}

	private static Instant instant(ResultSet row, String column) throws SQLException {
		Timestamp timestamp = row.getTimestamp(column);
		return Objects.requireNonNull(timestamp, column).toInstant();
	}

	/**
	 * A claim, as the job's row named it when a body started; zeros if there was none.
	 */
	record Fence(long worker, long claim) {
	}

	/**
	 * A body that started.
	 */
	public record Start(int number, long jobId, int attempt, String node, long pid, Fence fence, Instant at) {
	}

	/**
	 * An effect, and when its transaction began.
	 */
	record EffectRow(int number, long jobId, String node, Instant begunAt) {
	}

	/**
	 * An attempt that is made again, since its transaction met another.
	 */
	record Postponement(long jobId, String node, Instant at) {
	}

	/**
	 * A job that is over.
	 */
	record Ending(long jobId, String state, int attempts, int crashes, Instant enqueuedAt, Instant dueAt,
			Instant finishedAt) {
	}

	/**
	 * A failed attempt.
	 */
	record Failure(long jobId, int attempt, Instant at, long worker, String error) {
	}

	/**
	 * A job that died.
	 */
	record DeadLetterRow(long jobId, String reason, String message, int attempts, int crashes, Instant enqueuedAt,
			Instant diedAt, int number) {
	}

	/**
	 * A job that is not over.
	 */
	record Unfinished(long jobId, String state, Instant enqueuedAt, int number) {
	}

}
