package io.jobstarter.benchmarks.report;

import java.util.List;
import java.util.Map;

import io.jobstarter.benchmarks.report.Target.Term;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TargetTests {

	private static final Term OWN = new Term("own", "drain", "jobs/s");

	private static final Term PEER = new Term("peer", "drain", "jobs/s");

	@Test
	void dividesOneMedianByTheOther() {
		assertThat(Target.atLeast("drain", OWN, PEER, 8).value(summary(900, 100))).hasValue(9);
	}

	@Test
	void hasNoValueIfOneOfThemIsMissing() {
		Term missing = new Term("missing", "drain", "jobs/s");
		assertThat(Target.atLeast("drain", OWN, missing, 8).value(summary(900, 100))).isEmpty();
		assertThat(Target.atLeast("drain", OWN, PEER, 8).value(summary(900, 0))).isEmpty();
	}

	@Test
	void saysWhetherItIsMetOrByHowMuchItIsMissed() {
		Target atLeast = Target.atLeast("drain", OWN, PEER, 8);
		assertThat(atLeast.verdict(8)).isEqualTo("met");
		assertThat(atLeast.verdict(6)).isEqualTo("missed by 25 %");
		assertThat(Target.atMost("wait", OWN, null, 2).verdict(3)).isEqualTo("missed by 50 %");
		assertThat(Target.atMost("duplicates", OWN, null, 0).verdict(2)).isEqualTo("missed by 2.00");
	}

	@Test
	void saysThatNothingWasMeasuredOfARunThatHasNotBegun() {
		String table = new Targets(new Summary(new Run("quick", Map.of(), List.of()))).table();
		assertThat(table.lines().skip(2)).isNotEmpty().allMatch((line) -> line.contains("not measured"));
	}

	private static Summary summary(double own, double peer) {
		return new Summary(new Run("plan", Map.of(), List.of(unit("own", own), unit("peer", peer))));
	}

	private static Unit unit(String engine, double value) {
		return new Unit(1, "suite", engine, List.of(new Figure("drain", "jobs/s", value)), List.of());
	}

}
