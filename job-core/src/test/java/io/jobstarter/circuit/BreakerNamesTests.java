package io.jobstarter.circuit;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names of breakers that payloads make.
 */
class BreakerNamesTests {

	@Test
	void aKeyFollowsTheInstance() {
		assertThat(BreakerNames.of("smtp", "eu-1")).isEqualTo("smtp:eu-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " a", "a\u0000b", "a\nb", "\ud800", "a\u202eb" })
	void whatCannotBeStoredOrShownIsCleanedAndToldApart(String key) {
		assertThat(BreakerNames.of("smtp", key)).matches("smtp:[^\\p{Cntrl}]*~[0-9a-f]{16}")
			.isNotEqualTo(BreakerNames.of("smtp", key + "x"));
	}

	@Test
	void aLongKeyIsCutAndToldApart() {
		String one = BreakerNames.of("smtp", "k".repeat(100_000) + "1");
		assertThat(one).hasSizeLessThanOrEqualTo("smtp:".length() + 100)
			.isNotEqualTo(BreakerNames.of("smtp", "k".repeat(100_000) + "2"));
	}

	@Test
	void findsTheInstanceOfAName() {
		Set<String> instances = Set.of("smtp", "crm");
		assertThat(BreakerNames.instanceOf("smtp", instances)).isEqualTo("smtp");
		assertThat(BreakerNames.instanceOf("crm:a:b", instances)).isEqualTo("crm");
		assertThat(BreakerNames.instanceOf("smtps", instances)).isNull();
	}

}
