package io.jobstarter.policy;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RuleCountsTests {

	@Test
	void readsWhatItWrote() {
		RuleCounts counts = RuleCounts.NONE.plus("a1").plus("b2").plus("a1");
		assertThat(counts.format()).isEqualTo("a1=2;b2=1");
		RuleCounts read = RuleCounts.parse(counts.format());
		assertThat(read.of("a1")).isEqualTo(2);
		assertThat(read.of("b2")).isEqualTo(1);
		assertThat(read.of("c3")).isZero();
		assertThat(read.total()).isEqualTo(3);
	}

	@Test
	void writesNothingWhereNothingWasCounted() {
		assertThat(RuleCounts.NONE.format()).isNull();
		assertThat(RuleCounts.NONE.plus(null).format()).isNull();
	}

	@Test
	void keepsTheTimeOfARulesFirstDecision() {
		Instant first = Instant.parse("2030-01-01T00:00:00Z");
		RuleCounts counts = RuleCounts.NONE.plus(RuleCounts.since("a1", first))
			.plus(RuleCounts.since("a1", first.plusSeconds(9)))
			.plus("b2");
		assertThat(counts.format()).isEqualTo("a1=2;b2=1;a1@=1893456000000");
		RuleCounts read = RuleCounts.parse(counts.format());
		assertThat(read.sinceOf("a1")).contains(first);
		assertThat(read.sinceOf("b2")).isEmpty();
		assertThat(read.total()).isEqualTo(3);
	}

	@Test
	void keepsTheSpanOfTheFirstAttempt() {
		String first = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
		RuleCounts counts = RuleCounts.NONE.plus("a1").traced(first).plus("a1").traced(first.replace('b', 'c'));
		assertThat(counts.format()).isEqualTo("a1=2;trace=" + first);
		assertThat(RuleCounts.parse(counts.format()).trace()).isEqualTo(first);
		assertThat(RuleCounts.parse(counts.format()).total()).isEqualTo(2);
		assertThat(RuleCounts.NONE.traced(first).format()).isEqualTo("trace=" + first);
		assertThat(RuleCounts.NONE.traced(null).traced("no=span;").format()).isNull();
		assertThat(RuleCounts.parse("a1=1;trace=<script>").trace()).isNull();
	}

	@Test
	void isNotChangedByCounting() {
		RuleCounts counts = RuleCounts.NONE.plus("a1");
		counts.plus("a1");
		assertThat(counts.of("a1")).isEqualTo(1);
	}

	@ParameterizedTest
	@NullAndEmptySource
	@ValueSource(strings = { ";", "=", "a", "a=", "a=b", "a=-1", "a=1.5", "a=99999999999999999999", "a==1", "{\"a\":1}",
			"\u0000", "a=1 ", "a=\u0661" })
	void whatCannotBeReadCountsAsNothing(String text) {
		assertThat(RuleCounts.parse(text).total()).isZero();
	}

	@Test
	void keepsWhatCanBeReadBesideGarbage() {
		RuleCounts counts = RuleCounts.parse("garbage;a1=2;;b2=x;c3=4");
		assertThat(counts.of("a1")).isEqualTo(2);
		assertThat(counts.total()).isEqualTo(6);
	}

	@Test
	void doesNotOverflowOnManyLargeCounts() {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < 3_000; i++) {
			text.append(i).append("=999999;");
		}
		assertThat(RuleCounts.parse(text.toString()).total()).isEqualTo(3_000L * 999_999);
	}

}
