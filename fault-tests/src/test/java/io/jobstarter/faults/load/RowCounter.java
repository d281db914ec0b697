package io.jobstarter.faults.load;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Counts the rows that are written in a table, by a trigger: at once and exactly, which
 * the statistics of the server do not. What is rolled back counts, too.
 */
final class RowCounter {

	private static final String SEQUENCE = "create sequence if not exists written_%s";

	private static final String FUNCTION = """
			create or replace function count_%1$s() returns trigger language plpgsql as
			$$ begin perform nextval('written_%1$s'); return null; end $$
			""";

	private static final String TRIGGER = """
			create trigger count_%1$s after insert or update or delete on background_job_%1$s
			for each row execute function count_%1$s()
			""";

	private static final String COUNT = "select case when is_called then last_value else 0 end from written_%s";

	private final JdbcTemplate jdbc;

	private final String table;

	private RowCounter(JdbcTemplate jdbc, String table) {
		this.jdbc = jdbc;
		this.table = table;
	}

	static RowCounter of(JdbcTemplate jdbc, String table) {
		jdbc.execute(SEQUENCE.formatted(table));
		jdbc.execute(FUNCTION.formatted(table));
		jdbc.execute(TRIGGER.formatted(table));
		return new RowCounter(jdbc, table);
	}

	long count() {
		Long count = this.jdbc.queryForObject(COUNT.formatted(this.table), Long.class);
		return (count != null) ? count : 0;
	}

}
