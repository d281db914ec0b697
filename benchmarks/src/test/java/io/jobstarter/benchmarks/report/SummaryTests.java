package io.jobstarter.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SummaryTests {

	@Test
	void takesTheMedianAndTheRangeOfAllRounds() {
		Summary summary = new Summary(run(7, 1, 4));
		Summary.Values values = summary.values("engine", "drain", "jobs/s");
		assertThat(values.median()).hasValue(4);
		assertThat(values.min()).hasValue(1);
		assertThat(values.max()).hasValue(7);
	}

	@Test
	void takesTheMeanOfTheTwoInTheMiddle() {
		assertThat(new Summary(run(1, 2, 4, 100)).values("engine", "drain", "jobs/s").median()).hasValue(3);
	}

	@Test
	void hasNoMedianOfWhatWasNotMeasured() {
		assertThat(new Summary(run(1)).values("other", "drain", "jobs/s").median()).isEmpty();
	}

	@Test
	void showsARowForEachEngine() {
		String table = new Tables(new Summary(run(50_000, 40_000, 60_000))).of("drain");
		assertThat(table).isEqualTo("""
				| engine | jobs/s                 |
				|---|---|
				| engine | 50,000 (40,000–60,000) |
				""");
	}

	private static Run run(double... values) {
		return new Run("plan", Map.of(),
				IntStream.range(0, values.length)
					.mapToObj((index) -> new Unit(index + 1, "suite", "engine",
							List.of(new Figure("drain", "jobs/s", values[index])), List.of()))
					.toList());
	}

}
