package io.jobstarter.faults.load;

import java.util.List;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * When retries were planned for: notes by a trigger what stands in the table of jobs each
 * time that a job begins to wait.
 */
final class RetryPlans {

	private static final String TABLE = """
			create table planned (job_id bigint not null, name text not null, attempt int not null,
			    due_at timestamptz not null, planned_at timestamptz not null)
			""";

	private static final String FUNCTION = """
			create function note_plan() returns trigger language plpgsql as $$ begin
			    insert into planned values (new.id, new.name, new.attempt, new.due_at, clock_timestamp());
			    return new;
			end $$
			""";

	// Before, and not after all rows of the statement: it computed when this one is due
	// just now.
	private static final String TRIGGER = """
			create trigger note_plan before update on background_job_job for each row
			when (new.state = 1 and new.attempt > old.attempt) execute function note_plan()
			""";

	// The body that failed had begun by then.
	private static final String FIRST_WAITS = """
			select extract(epoch from p.due_at - l.started_at) as since_start,
			    extract(epoch from p.due_at - p.planned_at) as since_plan
			from planned p join ledger l on l.job_id = p.job_id and l.attempt = 1
			where p.name = ? and p.attempt = 1
			""";

	private static final String TOO_EARLY = """
			select p.name || ' ' || p.job_id || ' began ' || (p.due_at - l.started_at) || ' before it was due'
			from planned p join ledger l on l.job_id = p.job_id and l.attempt = p.attempt + 1
			where l.started_at < p.due_at
			""";

	private final JdbcTemplate jdbc;

	RetryPlans(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
		jdbc.execute(TABLE);
		jdbc.execute(FUNCTION);
		jdbc.execute(TRIGGER);
	}

	/**
	 * Lists how long jobs have to wait before their second attempt.
	 * @param name of the jobs
	 * @return the waits
	 */
	List<Wait> firstWaits(String name) {
		return this.jdbc.query(FIRST_WAITS,
				(row, number) -> new Wait(row.getDouble("since_start"), row.getDouble("since_plan")), name);
	}

	List<String> begunTooEarly() {
		return this.jdbc.queryForList(TOO_EARLY, String.class);
	}

	/**
	 * A wait in seconds.
	 *
	 * @param sinceStart since the body began that failed: not less than it is to be
	 * @param sincePlan since it was written: not more than it is to be
	 */
	record Wait(double sinceStart, double sincePlan) {
	}

}
