package io.jobstarter.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What the tables hold: all that there are, but those that a node changes by itself.
 */
final class Tables {

	// Leases and slots of nodes; the days of the history are in the history.
	private static final Set<String> OF_NODES = Set.of("background_job_worker", "background_job_pulse",
			"background_job_fleet_slots");

	private static final String ALL = """
			select table_name from information_schema.tables
			where lower(table_name) like 'background_job_%' and lower(table_name) not like 'background_job_history_%'
			order by table_name
			""";

	private Tables() {
	}

	static Map<String, String> of(JdbcTemplate jdbc) {
		Map<String, String> rows = new LinkedHashMap<>();
		List<String> tables = jdbc.queryForList(ALL, String.class);
		for (String table : tables) {
			if (!OF_NODES.contains(table)) {
				rows.put(table, jdbc.queryForList("select * from " + table + " order by 1").toString());
			}
		}
		return rows;
	}

}
