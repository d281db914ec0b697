package io.jobstarter.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What the tables hold, as far as nodes do not change it by themselves.
 */
final class Tables {

	private static final List<String> WATCHED = List.of("job", "dead_letter", "failure", "history", "queue", "breaker",
			"redrive", "dead_letter_note");

	private Tables() {
	}

	static Map<String, String> of(JdbcTemplate jdbc) {
		Map<String, String> rows = new LinkedHashMap<>();
		for (String table : WATCHED) {
			rows.put(table, jdbc.queryForList("select * from background_job_" + table + " order by 1, 2").toString());
		}
		return rows;
	}

}
