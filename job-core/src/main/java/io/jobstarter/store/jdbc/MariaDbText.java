package io.jobstarter.store.jdbc;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Turns what the statements of this package share, which is written as PostgreSQL and H2
 * have it, into what MariaDB understands: the clock, intervals, casts, and arrays, which
 * {@link MariaDbParameters} passes as lists and as JSON. MariaDB reads small tables as a
 * whole, with locks on every row, so each statement that locks is told its index.
 */
final class MariaDbText {

	/** Now, in UTC, from the beginning of the statement on. */
	static final String CLOCK = "utc_timestamp(6)";

	private static final Pattern INTERVAL = Pattern
		.compile("(?:cast\\((:\\w+) as bigint\\)|(\\w+\\.\\w+)) \\* interval '0\\.000001' second");

	private static final Pattern TIMESTAMP = Pattern.compile("cast\\(([:.\\w]+) as timestamp with time zone\\)");

	private static final Pattern CAST = Pattern.compile("cast\\((:\\w+) as (?:varchar|bigint|boolean)\\)");

	private static final Pattern ARRAY_CAST = Pattern.compile("cast\\((:\\w+) as (\\w+) array\\)");

	private static final Pattern DELETE = Pattern
		.compile("delete from background_job_(\\w+) where (\\w+) = any \\(cast\\(:(\\w+) as bigint array\\)\\)");

	private static final Pattern BY_ID = Pattern.compile(
			"(from background_job_(?:\\w+(?=\\s+where id)|dead_letter|key|rate))(\\s+where (?:(?:job_)?id|name) = any \\()");

	private static final Pattern ANY = Pattern.compile("= any \\(cast\\((:\\w+) as \\w+ array\\)\\)");

	private static final Pattern UNNEST = Pattern.compile("unnest\\(((?:cast\\(:\\w+ as \\w+ array\\),?\\s*)+)\\)\\s+"
			+ "(?:as )?(\\w+) \\(([^)]+)\\)\\s+join (background_job_\\w+) (\\w+) on");

	/** Tables in which a job has several rows. */
	private static final Set<String> INDEXES_BY_JOB = Set.of("failure", "dead_letter_note");

	private MariaDbText() {
	}

	/**
	 * Translates a statement.
	 * @param statement the statement, with the default table prefix
	 * @return the statement as MariaDB understands it
	 */
	static String of(String statement) {
		String text = statement.replace("clock_timestamp()", CLOCK).replaceAll("cast\\(null as [\\w ]+\\)", "null");
		text = INTERVAL.matcher(text).replaceAll((match) -> "interval " + first(match) + " microsecond");
		text = TIMESTAMP.matcher(text).replaceAll("cast(trim(trailing 'Z' from $1) as datetime(6))");
		text = CAST.matcher(text).replaceAll("$1");
		return hints(arrays(text));
	}

	private static String first(MatchResult match) {
		return (match.group(1) != null) ? match.group(1) : match.group(2);
	}

	private static String arrays(String statement) {
		String text = UNNEST.matcher(statement).replaceAll(MariaDbText::jsonTable);
		text = DELETE.matcher(text).replaceAll(MariaDbText::delete);
		text = BY_ID.matcher(text).replaceAll("$1 force index (primary)$2");
		return ANY.matcher(text).replaceAll("in ($1)");
	}

	// Read in the order given, and the table by its key.
	private static String jsonTable(MatchResult unnest) {
		StringBuilder rows = new StringBuilder(":" + MariaDbParameters.ROWS);
		StringBuilder columns = new StringBuilder();
		String[] names = unnest.group(3).split(",\\s*");
		int[] next = { 0 };
		ARRAY_CAST.matcher(unnest.group(1)).results().forEach((array) -> {
			int number = next[0]++;
			rows.append('.').append(array.group(1), 1, array.group(1).length());
			columns.append((number > 0) ? ", " : "").append(column(names[number], array.group(2), number));
		});
		return "json_table(" + rows + ", '\\$[*]' columns (" + columns + ")) " + unnest.group(2) + " straight_join "
				+ unnest.group(4) + " " + unnest.group(5) + " force index (primary) on";
	}

	private static String column(String name, String type, int number) {
		String mariaDbType = type.equals("varchar") ? "longtext character set utf8mb4" : type;
		return name + " " + mariaDbType + " path '\\$[" + number + "]'";
	}

	// "In" would do, but is no reason for MariaDB to use an index of a small table.
	private static String delete(MatchResult delete) {
		String index = INDEXES_BY_JOB.contains(delete.group(1)) && delete.group(2).equals("job_id")
				? "background_job_" + delete.group(1) + "_job" : "primary";
		return "delete t from json_table(:" + MariaDbParameters.ROWS + "." + delete.group(3)
				+ ", '\\$[*]' columns (id bigint path '\\$[0]')) i straight_join background_job_" + delete.group(1)
				+ " t force index (" + index + ") on t." + delete.group(2) + " = i.id";
	}

	private static String hints(String statement) {
		return statement
			.replaceAll("(from background_job_job)(\\s+where state = 1 and due_at)",
					"$1 force index (background_job_job_scheduled)$2")
			.replaceAll("(from background_job_expiring_key)(\\s+where unique_key in)", "$1 force index (primary)$2")
			.replaceAll("(from background_job_expiring_key)(\\s+where expires_at <)",
					"$1 force index (background_job_expiring_key_expires_at)$2")
			// It would sort the lane. Without an order the index gives its rows in its
			// own.
			.replaceAll("(from background_job_job)(\\s+where state = 0 and queue = :queue and priority)",
					"$1 force index (background_job_job_ready)$2")
			.replace("order by state, queue, priority, front, seq fetch first", "fetch first")
			// Looking for what is not there would lock the gap, where others insert.
			.replace("where not exists (select 1 from background_job_history h where h.id = e.id)",
					"on duplicate key update id = background_job_history.id");
	}

}
