package io.jobstarter.sample.webhook;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class GithubSignatureTests {

	// The example of GitHub's page "Validating webhook deliveries".
	private static final String EXAMPLE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

	private final GithubSignature signature = new GithubSignature("It's a Secret to Everybody");

	@Test
	void signsGithubsOwnExampleAsGithubDoes() {
		assertThat(this.signature.sign(bytes("Hello, World!"))).isEqualTo(EXAMPLE);
	}

	@Test
	void acceptsTheRightSignature() {
		assertThat(this.signature.matches(EXAMPLE, bytes("Hello, World!"))).isTrue();
	}

	@Test
	void refusesTheSignatureOfAnotherBody() {
		assertThat(this.signature.matches(EXAMPLE, bytes("Hello, World"))).isFalse();
	}

	@Test
	void refusesTheSignatureOfAnotherSecret() {
		String other = new GithubSignature("another secret").sign(bytes("Hello, World!"));
		assertThat(this.signature.matches(other, bytes("Hello, World!"))).isFalse();
	}

	@Test
	void signsAnEmptyBody() {
		assertThat(this.signature.matches(this.signature.sign(new byte[0]), new byte[0])).isTrue();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "sha256=", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d",
			"757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
			"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1",
			"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e170",
			"sha256=g57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17" })
	void takesNothingElseForASignature(String header) {
		assertThat(GithubSignature.isWellFormed(header)).isFalse();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
