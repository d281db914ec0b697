package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

import io.jobstarter.DeadLetter;
import io.jobstarter.DeadReason;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;

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
		Long retriedAs = Values.nullableLong(row, "retried_as");
		return new DeadLetter(new JobId(row.getLong("job_id")), row.getString("name"), row.getString("queue"),
				row.getInt("priority"), reason(row.getString("reason")), failure(row), row.getInt("attempts"),
				row.getInt("crashes"), Values.instant(row, "enqueued_at"), Values.instant(row, "first_failed_at"),
				Values.instant(row, "died_at"), Values.nullableLong(row, "worker"), Values.tags(row.getString("tags")),
				Values.headers(row.getString("headers")), row.getString("payload"),
				Values.nullableInstant(row, "resolved_at"), (retriedAs != null) ? new JobId(retriedAs) : null);
	}

	static JobFailure failure(ResultSet row) throws SQLException {
		return new JobFailure(row.getString("error_class"), row.getString("message"), row.getString("stack_trace"));
	}

}
