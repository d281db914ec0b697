package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;

import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterCallback;
import io.jobstarter.DeadLetterCallback.State;
import io.jobstarter.DeadLetterResolution;
import io.jobstarter.DeadLetterState;
import io.jobstarter.DeadReason;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.RowMapper;

/**
 * Reads dead letters.
 */
final class DeadLetterMapper implements RowMapper<DeadLetter> {

	static String reason(DeadReason reason) {
		return reason.name().toLowerCase(Locale.ROOT);
	}

	static DeadReason reason(String reason) {
		return Words.read(DeadReason.EXHAUSTED, reason);
	}

	@Override
	public DeadLetter mapRow(ResultSet row, int number) throws SQLException {
		return new DeadLetter(new JobId(row.getLong("job_id")), row.getString("name"),
				StoredQueue.queueOf(row.getString("queue")), row.getInt("priority"), reason(row.getString("reason")),
				failure(row), row.getString("fingerprint"), row.getInt("attempts"), row.getInt("crashes"),
				Values.instant(row, "enqueued_at"), Values.instant(row, "first_failed_at"),
				Values.instant(row, "died_at"), Values.nullableLong(row, "worker"), Values.tags(row.getString("tags")),
				Values.headers(row.getString("headers")), row.getString("payload"), resolution(row), callback(row));
	}

	private static @Nullable DeadLetterCallback callback(ResultSet row) throws SQLException {
		Instant endedAt = Values.nullableInstant(row, "callback_ended_at");
		boolean due = Values.nullableInstant(row, "callback_due") != null
				&& Values.nullableInstant(row, "retried_at") == null;
		if (endedAt == null && !due) {
			return null;
		}
		String error = row.getString("callback_error");
		State state = (endedAt == null) ? State.PENDING : (error == null) ? State.DONE : State.FAILED;
		return new DeadLetterCallback(state, row.getInt("callback_tries"), endedAt, error);
	}

	private static @Nullable DeadLetterResolution resolution(ResultSet row) throws SQLException {
		Instant at = Values.nullableInstant(row, "resolved_at");
		if (at == null) {
			return null;
		}
		Long retriedAs = Values.nullableLong(row, "retried_as");
		boolean retried = Values.nullableInstant(row, "retried_at") != null;
		return new DeadLetterResolution(retried ? DeadLetterState.RETRIED : DeadLetterState.DISCARDED, at,
				row.getString("resolved_by"), row.getString("resolved_reason"),
				(retriedAs != null) ? new JobId(retriedAs) : null, row.getString("corrected_payload"));
	}

	static JobFailure failure(ResultSet row) throws SQLException {
		return new JobFailure(row.getString("error_class"), row.getString("message"), row.getString("stack_trace"));
	}

}
