package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;

import org.springframework.jdbc.core.RowMapper;

/**
 * Reads jobs as operators see them.
 */
final class JobInfoMapper implements RowMapper<JobInfo> {

	static final JobInfoMapper INSTANCE = new JobInfoMapper();

	private JobInfoMapper() {
	}

	@Override
	public JobInfo mapRow(ResultSet row, int number) throws SQLException {
		return new JobInfo(new JobId(row.getLong("id")), row.getString("name"),
				StoredQueue.queueOf(row.getString("queue")), row.getInt("priority"),
				Words.read(JobState.DISCARDED, row.getString("state")), row.getInt("attempts"), row.getInt("crashes"),
				Values.instant(row, "enqueued_at"), Values.instant(row, "due_at"),
				Values.nullableInstant(row, "started_at"), Values.nullableInstant(row, "finished_at"),
				Values.nullableLong(row, "worker"), Values.tags(row.getString("tags")),
				Values.headers(row.getString("headers")), row.getString("payload"), row.getString("reason"));
	}

}
