package io.jobstarter.support;

import java.util.stream.IntStream;

import io.jobstarter.InvalidJobException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FairSharesTests {

	@Test
	void aKeyHasTheSameShareInAllReleases() {
		assertThat(FairShares.shareOf("acme")).isEqualTo(18);
		assertThat(FairShares.shareOf("tenant-42")).isEqualTo(7);
	}

	@Test
	void similarKeysAreSpreadEvenly() {
		long[] keys = new long[65];
		IntStream.range(0, 6_400).forEach((i) -> keys[FairShares.shareOf("tenant-" + i)]++);
		assertThat(keys[0]).isZero();
		assertThat(IntStream.rangeClosed(1, 64).mapToLong((share) -> keys[share]))
			.allSatisfy((count) -> assertThat(count).isBetween(50L, 160L));
	}

	@Test
	void aKeyHasText() {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> FairShares.shareOf(""));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> FairShares.requireShareable("q".repeat(98)))
			.withMessageContaining("97");
	}

}
