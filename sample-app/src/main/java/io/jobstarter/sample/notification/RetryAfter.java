package io.jobstarter.sample.notification;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * The header {@code Retry-After} of RFC 9110, section 10.2.3: a number of seconds or a
 * date.
 */
final class RetryAfter {

	static final Duration DEFAULT = Duration.ofSeconds(30);

	static final Duration LONGEST = Duration.ofHours(1);

	private RetryAfter() {
	}

	/**
	 * How long to wait.
	 * @param headers the headers of the response
	 * @param now what time it is
	 * @return the wait, never negative, and never longer than an hour, whatever the other
	 * side asks for
	 */
	static Duration of(@Nullable HttpHeaders headers, Instant now) {
		String value = (headers != null) ? headers.getFirst(HttpHeaders.RETRY_AFTER) : null;
		Duration wait = (value != null) ? parse(value.strip(), now) : DEFAULT;
		if (wait.isNegative()) {
			return Duration.ZERO;
		}
		return (wait.compareTo(LONGEST) > 0) ? LONGEST : wait;
	}

	private static Duration parse(String value, Instant now) {
		if (value.matches("[0-9]{1,9}")) {
			return Duration.ofSeconds(Long.parseLong(value));
		}
		try {
			return Duration.between(now, ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
		}
		catch (DateTimeParseException ex) {
			return DEFAULT;
		}
	}

}
