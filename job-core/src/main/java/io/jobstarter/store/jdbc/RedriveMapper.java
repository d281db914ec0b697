package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.RedriveCanary;
import io.jobstarter.RedriveInfo;
import io.jobstarter.RedriveInfo.Progress;
import io.jobstarter.RedriveState;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.RowMapper;

/**
 * Reads redrives by filter.
 */
final class RedriveMapper implements RowMapper<RedriveInfo> {

	static final RedriveMapper INSTANCE = new RedriveMapper();

	private RedriveMapper() {
	}

	@Override
	public RedriveInfo mapRow(ResultSet row, int number) throws SQLException {
		return new RedriveInfo(row.getLong("id"), Words.read(RedriveState.STOPPED, row.getString("state")), filter(row),
				Duration.of(row.getLong("pause_micros"), ChronoUnit.MICROS),
				new RedriveCanary(row.getInt("canary"), row.getInt("canary_required")), progress(row),
				Values.instant(row, "created_at"), new Audit(row.getString("created_by"), row.getString("why")),
				Values.instant(row, "changed_at"), changedBy(row), Values.nullableInstant(row, "finished_at"),
				row.getString("stopped_because"));
	}

	private static DeadLetterFilter filter(ResultSet row) throws SQLException {
		String reason = row.getString("reason");
		return new DeadLetterFilter(row.getString("name"), row.getString("queue"),
				(reason != null) ? DeadLetterMapper.reason(reason) : null, true, row.getString("fingerprint"),
				row.getString("error_class"), row.getString("tag"), Values.nullableInstant(row, "died_from"),
				Values.nullableInstant(row, "died_before"));
	}

	private static Progress progress(ResultSet row) throws SQLException {
		return new Progress(row.getLong("matching"), row.getLong("redriven"), row.getInt("canary_sent"),
				row.getInt("canary_succeeded"), row.getInt("canary_failed"));
	}

	private static @Nullable Audit changedBy(ResultSet row) throws SQLException {
		Audit audit = new Audit(row.getString("changed_by"), row.getString("changed_why"));
		return audit.equals(Audit.NONE) ? null : audit;
	}

}
