package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;

import io.jobstarter.DeadLetter;
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
		return DeadReason.valueOf(reason.toUpperCase(Locale.ROOT));
	}

	@Override
	public DeadLetter mapRow(ResultSet row, int number) throws SQLException {
		return new DeadLetter(new JobId(row.getLong("job_id")), row.getString("name"), row.getString("queue"),
				row.getInt("priority"), reason(row.getString("reason")), failure(row), row.getString("fingerprint"),
				row.getInt("attempts"), row.getInt("crashes"), Values.instant(row, "enqueued_at"),
				Values.instant(row, "first_failed_at"), Values.instant(row, "died_at"),
				Values.nullableLong(row, "worker"), Values.tags(row.getString("tags")),
				Values.headers(row.getString("headers")), row.getString("payload"), resolution(row));
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
				(retriedAs != null) ? new JobId(retriedAs) : null);
	}

	static JobFailure failure(ResultSet row) throws SQLException {
		return new JobFailure(row.getString("error_class"), row.getString("message"), row.getString("stack_trace"));
	}

}
