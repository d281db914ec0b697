package io.jobstarter.faults.keys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Looks all the time at who holds permits in the database. A job that a worker holds has
 * its permits, whether its body runs or not: each look is one statement, so it sees the
 * database as it was at one moment.
 */
final class PermitWatch implements AutoCloseable {

	private static final long BETWEEN_LOOKS = 60;

	private static final int MOST_TOLD = 20;

	private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"([^\"]*)\"");

	private static final String HELD = """
			select id, name, payload from background_job_job where worker is not null
			""";

	private final JdbcTemplate jdbc;

	private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

	private final Set<String> found = new TreeSet<>();

	private long looks;

	PermitWatch(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
		this.thread.scheduleWithFixedDelay(this::look, 0, BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
	}

	private synchronized void look() {
		Map<String, List<Held>> byLock = this.jdbc.query(HELD, PermitWatch::held)
			.stream()
			.collect(Collectors.groupingBy(Held::lock));
		byLock.forEach((lock, held) -> {
			int limit = held.get(0).kind().limit();
			if (held.size() > limit && this.found.size() < MOST_TOLD) {
				this.found.add("more than " + limit + " jobs held permits of " + lock + ": "
						+ held.stream().map(Held::jobId).sorted().toList());
			}
		});
		this.looks++;
	}

	private static Held held(ResultSet row, int number) throws SQLException {
		Matcher key = KEY.matcher(row.getString("payload"));
		if (!key.find()) {
			throw new IllegalStateException("Not a keyed job: " + row.getString("payload"));
		}
		return new Held(row.getLong("id"), KeyKind.named(row.getString("name")), key.group(1));
	}

	/**
	 * What was seen that must not be.
	 * @return a sentence each; one that it has hardly looked is among them
	 */
	synchronized List<String> found() {
		List<String> all = new ArrayList<>(this.found);
		if (this.looks < 10) {
			all.add("permits were looked at only " + this.looks + " times");
		}
		return all;
	}

	@Override
	public void close() {
		this.thread.shutdownNow();
	}

	/**
	 * A job that a worker holds.
	 */
	private record Held(long jobId, KeyKind kind, String key) {

		String lock() {
			return this.kind.group() + ":" + this.key;
		}

	}

}
