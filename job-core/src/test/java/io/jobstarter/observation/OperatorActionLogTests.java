package io.jobstarter.observation;

import java.util.Map;

import io.jobstarter.Audit;
import io.jobstarter.OperatorAction;
import io.jobstarter.OperatorAction.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the line that is logged of what an operator did.
 */
class OperatorActionLogTests {

	@Test
	void tellsWhatToWhatByWhomHowManyAndWhy() {
		assertThat(line("queue mailers", new Audit("alice", "spam wave"))).isEqualTo(
				"SET_CONCURRENCY of \"queue mailers\" by \"alice\", count 1, perNode \"7\", because \"spam wave\"");
		assertThat(line("queue mailers", Audit.NONE))
			.isEqualTo("SET_CONCURRENCY of \"queue mailers\" by unknown, count 1, perNode \"7\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\r\nPAUSE of queue x by \"root\"", "\u001B[31mred", "\u202Eevil", "a\u2028b", "a\u0000b",
			"\uD800", "\u0085", "\u009B31m" })
	void keepsOneLineWithoutControlCodes(String hostile) {
		assertThat(line("queue " + hostile, new Audit(hostile, hostile))).hasSizeLessThan(4_001)
			.doesNotContain("\r", "\n", "\u001B", "\u202E", "\u2028", "\u0000", "\uD800", "\u0085", "\u009B");
	}

	@Test
	void letsNoReasonLookLikeAnotherField() {
		assertThat(line("job 1", new Audit("eve\", count 0", "none"))).contains("by \"eve\\\", count 0\", count 1");
	}

	@Test
	void letsNoNameLookLikeAnotherField() {
		assertThat(line("circuit breaker x by \"root\", count 9", new Audit("eve", null)))
			.startsWith("SET_CONCURRENCY of \"circuit breaker x by \\\"root\\\", count 9\" by \"eve\", count 1");
	}

	@Test
	void keepsTheReasonBehindLongDetails() {
		OperatorAction action = new OperatorAction(Operation.REDRIVE, "dead letters by id", new Audit("alice", "fixed"),
				1_000, Map.of("letters", "12345 ".repeat(1_000)));
		assertThat(OperatorActionLog.line(action)).endsWith("because \"fixed\"");
	}

	@Test
	void cutsWhatIsLong() {
		assertThat(line("x".repeat(100_000), Audit.NONE)).hasSize(4_000);
	}

	private static String line(String target, Audit audit) {
		return OperatorActionLog
			.line(new OperatorAction(Operation.SET_CONCURRENCY, target, audit, 1, Map.of("perNode", "7")));
	}

}
