package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import io.jobstarter.WorkerInfo;

/**
 * What operators see of workers.
 */
final class WorkerQueries {

	// Without the names of jobs, which may be thousands.
	static final String WORKERS = """
			select id, host, pid, started_at, last_seen_at, expires_at, stopping, dead_at is not null as dead,
			    dead_at is null and expires_at > clock_timestamp() as alive, application, serves, report
			from background_job_worker order by started_at, id
			""";

	private final Statements statements;

	WorkerQueries(Statements statements) {
		this.statements = statements;
	}

	List<WorkerInfo> list() {
		return this.statements.of(WORKERS).query((row, number) -> worker(row)).list();
	}

	static WorkerInfo worker(ResultSet row) throws SQLException {
		return new WorkerInfo(row.getLong("id"), row.getString("host"), row.getLong("pid"),
				Values.instant(row, "started_at"), Values.instant(row, "last_seen_at"),
				Values.instant(row, "expires_at"), row.getBoolean("stopping"), row.getBoolean("dead"),
				row.getBoolean("alive"), row.getString("application"), WorkerText.declaration(row.getString("serves")),
				WorkerText.report(row.getString("report")));
	}

}
