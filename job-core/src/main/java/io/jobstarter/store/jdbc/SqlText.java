package io.jobstarter.store.jdbc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Turns the statements of this package, which are written for the default table prefix
 * and for the clock of PostgreSQL, into those of an installation.
 */
final class SqlText {

	static final String DEFAULT_PREFIX = "background_job_";

	private static final Pattern PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,40}");

	private static final String CLOCK = "clock_timestamp()";

	private final String prefix;

	private final String clock;

	private final Map<String, String> translated = new ConcurrentHashMap<>();

	SqlText(String prefix, String clock) {
		if (!PREFIX.matcher(prefix).matches()) {
			throw new IllegalArgumentException(
					"A table prefix is [a-z_][a-z0-9_]{0,40}, like " + DEFAULT_PREFIX + ", not '" + prefix + "'");
		}
		this.prefix = prefix;
		this.clock = clock;
	}

	String prefix() {
		return this.prefix;
	}

	String of(String statement) {
		return this.translated.computeIfAbsent(statement,
				(text) -> text.replace(DEFAULT_PREFIX, this.prefix).replace(CLOCK, this.clock));
	}

}
