package io.jobstarter.sample.github;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StorableTextTests {

	@Test
	void leavesOrdinaryTextAlone() {
		assertThat(StorableText.of("Grüße, 世界 🚀\u202e")).isEqualTo("Grüße, 世界 🚀\u202e");
	}

	@Test
	void replacesNul() {
		assertThat(StorableText.of("a\0b")).isEqualTo("a\uFFFDb");
	}

	@Test
	void replacesLoneSurrogates() {
		assertThat(StorableText.of("a\ud800b\udc00c")).isEqualTo("a?b?c");
	}

	@Test
	void cutsToTheLengthOfAColumn() {
		assertThat(StorableText.cut("abc", 3)).isEqualTo("abc");
		assertThat(StorableText.cut("abcd", 3)).isEqualTo("abc");
	}

	@Test
	void doesNotCutAPairInTwo() {
		assertThat(StorableText.cut("ab🚀", 3)).isEqualTo("ab");
		assertThat(StorableText.cut("a🚀b", 3)).isEqualTo("a🚀");
	}

}
