package io.jobstarter.sample.notification;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class RetryAfterTests {

	private static final Instant NOW = Instant.parse("2025-03-10T12:00:00Z");

	@ParameterizedTest
	@MethodSource
	void understands(String header, Duration expected) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, header);
		assertThat(RetryAfter.of(headers, NOW)).isEqualTo(expected);
	}

	static Stream<Arguments> understands() {
		return Stream.of(Arguments.of("7", Duration.ofSeconds(7)), Arguments.of(" 0 ", Duration.ZERO),
				Arguments.of("Mon, 10 Mar 2025 12:01:00 GMT", Duration.ofMinutes(1)),
				Arguments.of("Mon, 10 Mar 2025 11:00:00 GMT", Duration.ZERO),
				Arguments.of("999999999", RetryAfter.LONGEST), Arguments.of("99999999999999999999", RetryAfter.DEFAULT),
				Arguments.of("-1", RetryAfter.DEFAULT), Arguments.of("soon", RetryAfter.DEFAULT));
	}

	@Test
	void hasADefault() {
		assertThat(RetryAfter.of(null, NOW)).isEqualTo(RetryAfter.DEFAULT);
		assertThat(RetryAfter.of(new HttpHeaders(), NOW)).isEqualTo(RetryAfter.DEFAULT);
	}

}
