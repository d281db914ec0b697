package io.jobstarter.support;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link NearestName}.
 */
class NearestNameTests {

	private static final List<String> KNOWN = List.of("lease", "heartbeat", "queue-order", "send-mail", "send-fax");

	@ParameterizedTest
	@CsvSource({ "leese, lease", "laese, lease", "leas, lease", "heart-beat, heartbeat", "queueorder, queue-order",
			"send-mial, send-mail", "lease, lease" })
	void forgivesAThirdOfTheLetters(String written, String meant) {
		assertThat(NearestName.of(written, KNOWN)).contains(meant);
	}

	@ParameterizedTest
	@CsvSource({ "releasing", "l", "''", "threads", "mail" })
	void findsNothingWhereNothingIsNear(String written) {
		assertThat(NearestName.of(written, KNOWN)).isEmpty();
	}

	@Test
	void takesTheNearestOfSeveral() {
		assertThat(NearestName.of("send-max", KNOWN)).contains("send-fax");
		assertThat(NearestName.of("ab", List.of("ac", "aa"))).contains("aa");
	}

}
