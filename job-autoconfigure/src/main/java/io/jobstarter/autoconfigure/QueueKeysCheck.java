package io.jobstarter.autoconfigure;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/**
 * Looks for wildcards of queues that are written without brackets. Spring Boot would drop
 * the asterisk without a word, and one queue would be served in place of many.
 */
final class QueueKeysCheck {

	private static final Pattern WITHOUT_BRACKETS = Pattern
		.compile("background-?jobs\\.queues\\.([^\\[\\]]*\\*[^\\[\\]]*?)(\\.(concurrency|weight))?");

	private QueueKeysCheck() {
	}

	static void check(Environment environment) {
		if (environment instanceof ConfigurableEnvironment configurable) {
			configurable.getPropertySources()
				.stream()
				.filter(EnumerablePropertySource.class::isInstance)
				.flatMap((source) -> Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()))
				.map(WITHOUT_BRACKETS::matcher)
				.filter(Matcher::matches)
				.findFirst()
				.ifPresent(QueueKeysCheck::refuse);
		}
	}

	private static void refuse(Matcher key) {
		String entry = key.group(1);
		throw new InvalidSettingException("background-jobs.queues." + entry, "written without brackets",
				"a key with an asterisk needs them", "Write it as \"[" + entry + "]\", quotes included in YAML.");
	}

}
