package io.jobstarter.store.jdbc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Turns the statements of this package, which are written for the default table prefix
 * and in the words of PostgreSQL, into those of an installation.
 */
final class SqlText {

	static final String DEFAULT_PREFIX = "background_job_";

	private static final Pattern PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,40}");

	private final String prefix;

	private final UnaryOperator<String> translation;

	private final Map<String, String> translated = new ConcurrentHashMap<>();

	SqlText(String prefix, UnaryOperator<String> translation) {
		if (!PREFIX.matcher(prefix).matches()) {
			throw new IllegalArgumentException(
					"A table prefix is [a-z_][a-z0-9_]{0,40}, like " + DEFAULT_PREFIX + ", not '" + prefix + "'");
		}
		this.prefix = prefix;
		this.translation = translation;
	}

	String prefix() {
		return this.prefix;
	}

	String of(String statement) {
		return this.translated.computeIfAbsent(statement,
				(text) -> this.translation.apply(text).replace(DEFAULT_PREFIX, this.prefix));
	}

}
