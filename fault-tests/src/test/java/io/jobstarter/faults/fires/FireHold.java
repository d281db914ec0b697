package io.jobstarter.faults.fires;

import java.util.List;

import io.jobstarter.faults.fleet.FleetServer;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How whoever notes a fire is made to wait, with the recurring job's row locked.
 *
 * @param begin the statement of a transaction from which on they wait
 * @param refresh what makes the server look again who waits
 * @param waiting lists the names of those that wait; MariaDB does not know names
 * @param end the statement that ends it
 */
record FireHold(String begin, String refresh, String waiting, String end) {

	private static final FireHold POSTGRESQL = new FireHold("lock table background_job_recurring_fire in share mode",
			"select pg_stat_clear_snapshot()", """
					select application_name from pg_stat_activity
					where datname = current_database() and wait_event_type = 'Lock' and application_name like 'node-%'
					and query like '%recurring_fire%'
					""", "select 1");

	private static final FireHold MARIADB = new FireHold("lock tables background_job_recurring_fire read", "select 1",
			"""
					select '?' from information_schema.processlist
					where db = database() and state like 'Waiting for table%lock' and info like '%recurring_fire%'
					""", "unlock tables");

	static FireHold on(FleetServer server) {
		return (server == FleetServer.MARIADB) ? MARIADB : POSTGRESQL;
	}

	List<String> waiting(JdbcTemplate jdbc) {
		jdbc.execute(this.refresh);
		return jdbc.queryForList(this.waiting, String.class);
	}

}
