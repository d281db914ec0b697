package io.jobstarter.faults.load;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How a circuit breaker stands in the database.
 */
final class CircuitWatch {

	private static final String STATE = """
			select coalesce((select state from background_job_breaker where name = 'downstream'), 'CLOSED')
			""";

	private static final String OPENINGS = """
			select coalesce((select openings from background_job_breaker where name = 'downstream'), 0)
			""";

	private static final String PARKED = """
			select count(*) from background_job_job where state = 2 and blocked_by = 'circuit:downstream'
			""";

	private static final String ATTEMPTS = "select coalesce(sum(attempt), 0) from background_job_job";

	private final JdbcTemplate jdbc;

	CircuitWatch(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	boolean isClosed() {
		return "CLOSED".equals(this.jdbc.queryForObject(STATE, String.class));
	}

	int openings() {
		return number(OPENINGS);
	}

	int parked() {
		return number(PARKED);
	}

	int attempts() {
		return number(ATTEMPTS);
	}

	private int number(String query) {
		Integer number = this.jdbc.queryForObject(query, Integer.class);
		return (number != null) ? number : -1;
	}

}
