package io.jobstarter.sample.webhook;

import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class GithubPropertiesTests {

	@Test
	void insistsOnASecret() {
		assertThatIllegalArgumentException().isThrownBy(() -> new GithubProperties(" ", DataSize.ofMegabytes(1)))
			.withMessageContaining("sample.github.webhook-secret");
	}

	@Test
	void insistsOnALimitThatGithubDoesNotExceed() {
		assertThatIllegalArgumentException().isThrownBy(() -> new GithubProperties("secret", DataSize.ofMegabytes(26)))
			.withMessageContaining("sample.github.max-body");
	}

	@Test
	void keepsTheSecretToItself() {
		assertThat(new GithubProperties("secret", DataSize.ofMegabytes(1)).toString()).doesNotContain("secret,")
			.doesNotContain("=secret");
	}

}
