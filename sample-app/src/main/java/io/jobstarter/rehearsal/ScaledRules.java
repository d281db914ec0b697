package io.jobstarter.rehearsal;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the hours of alerting rules seconds, so that an outage can be rehearsed: all
 * ranges and all {@code for:} are shortened by one factor, though not below a few
 * scrapes, and the objective of a minute becomes one of seconds. The expressions stay as
 * they are.
 */
final class ScaledRules {

	private static final Pattern RANGE = Pattern.compile("\\[(\\d+[smhd])(?::(\\d+[smhd]))?\\]");

	private static final Pattern FOR = Pattern.compile("(?m)^(\\s+for: )(\\d+[smhd])$");

	private static final String OBJECTIVE = "> bool 60)";

	private final int factor;

	private final Duration shortest;

	private final int objective;

	/**
	 * Makes a scale.
	 * @param factor by what durations are divided
	 * @param shortest the shortest that they become
	 * @param objective after how many seconds a job is late
	 */
	ScaledRules(int factor, Duration shortest, int objective) {
		this.factor = factor;
		this.shortest = shortest;
		this.objective = objective;
	}

	/**
	 * Scales rules.
	 * @param rules the rules as they are delivered
	 * @return the rules of a rehearsal
	 */
	String scale(String rules) {
		String ranges = RANGE.matcher(rules)
			.replaceAll((match) -> "[" + scaled(match.group(1))
					+ ((match.group(2) != null) ? ":" + scaled(match.group(2)) : "") + "]");
		return FOR.matcher(ranges)
			.replaceAll((match) -> Matcher.quoteReplacement(match.group(1)) + scaled(match.group(2)))
			.replace(OBJECTIVE, "> bool " + this.objective + ")");
	}

	private String scaled(String duration) {
		long number = Long.parseLong(duration.substring(0, duration.length() - 1));
		Duration whole = switch (duration.charAt(duration.length() - 1)) {
			case 's' -> Duration.ofSeconds(number);
			case 'm' -> Duration.ofMinutes(number);
			case 'h' -> Duration.ofHours(number);
			default -> Duration.ofDays(number);
		};
		Duration scaled = whole.dividedBy(this.factor);
		return ((scaled.compareTo(this.shortest) < 0) ? this.shortest : scaled).toMillis() + "ms";
	}

}
