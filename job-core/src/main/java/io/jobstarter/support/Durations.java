package io.jobstarter.support;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.jobstarter.InvalidJobException;

/**
 * Reads durations as Spring Boot writes them: {@code 500ms}, {@code 30s}, {@code 5m},
 * {@code 1h}, {@code 2d}, or ISO-8601.
 */
public final class Durations {

	private static final Pattern SIMPLE = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

	private Durations() {
	}

	/**
	 * Reads a duration.
	 * @param text the text
	 * @return the duration
	 * @throws InvalidJobException if the text is none
	 */
	public static Duration parse(String text) {
		Matcher simple = SIMPLE.matcher(text.strip().toLowerCase(Locale.ROOT));
		if (simple.matches()) {
			long amount = Long.parseLong(simple.group(1));
			return switch (simple.group(2)) {
				case "ms" -> Duration.ofMillis(amount);
				case "s" -> Duration.ofSeconds(amount);
				case "m" -> Duration.ofMinutes(amount);
				case "h" -> Duration.ofHours(amount);
				default -> Duration.ofDays(amount);
			};
		}
		try {
			return Duration.parse(text.strip());
		}
		catch (DateTimeParseException ex) {
			throw new InvalidJobException(
					"'" + CleanText.printable(text, 40) + "' is not a duration: write 500ms, 30s, 5m, 1h, 2d or PT30S");
		}
	}

}
