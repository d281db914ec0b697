package io.jobstarter.sample.webhook;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import io.jobstarter.sample.web.RequestRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WebhookBodyTests {

	@ParameterizedTest
	@ValueSource(strings = { "{}", " {\"a\": [1, {\"b\": null}]} \n", "{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}",
			"{\"a\":\"\u202e\ud83d\ude80\"}", "{\"a\":{\"x\":1},\"b\":{\"x\":1}}" })
	void keepsAnObjectAsItIs(String json) {
		assertThat(WebhookBody.decode(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(json);
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatIsNotOneObject(String json) {
		assertRefused(json.getBytes(StandardCharsets.UTF_8));
	}

	static Stream<String> refusesWhatIsNotOneObject() {
		return Stream.of("", " ", "null", "[]", "\"text\"", "42", "{", "{\"a\":", "{\"a\":1}}", "{} {}", "{\"a\":1,}",
				"{'a':1}", "{a:1}", "{\"a\":NaN}", "{\"a\":\"\\ug000\"}", "{\"a\":\"\0\"}", "{\"a\":\"line\nbreak\"}",
				"\ufeff{}", "payload=%7B%7D", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}",
				"{\"a\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}", "{\"a\":".repeat(200_000));
	}

	@Test
	void refusesWhatIsNotUtf8() {
		assertRefused(new byte[] { '{', '"', (byte) 0xC3, '(', '"', ':', '1', '}' });
		assertRefused("{\"a\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1));
		assertRefused("{}".getBytes(StandardCharsets.UTF_16));
		// A surrogate by itself, encoded as if it were a character.
		assertRefused(new byte[] { '{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', ':', '1', '}' });
	}

	@Test
	void doesNotRepeatWhatItRefuses() {
		assertThatExceptionOfType(RequestRefused.class)
			.isThrownBy(() -> WebhookBody.decode("<script>".getBytes(StandardCharsets.UTF_8)))
			.satisfies((ex) -> assertThat(ex.getBody().toString()).doesNotContain("script"));
	}

	private static void assertRefused(byte[] body) {
		assertThatExceptionOfType(RequestRefused.class).isThrownBy(() -> WebhookBody.decode(body))
			.satisfies((ex) -> assertThat(ex.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST));
	}

}
