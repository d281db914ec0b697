package io.jobstarter.benchmarks.engine;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TallyTests {

	@BeforeEach
	void forget() {
		Tally.reset(10);
	}

	@Test
	void countsEveryBodyAndThoseThatRanAgain() {
		Tally.ran(Work.now(3));
		Tally.ran(Work.now(7));
		Tally.ran(Work.now(3));
		assertThat(Tally.bodies()).isEqualTo(3);
		assertThat(Tally.repeated()).isOne();
		assertThat(Tally.numbers().stream()).containsExactly(3, 7);
	}

	@Test
	void knowsTheWaitsOfThoseThatRanOnly() {
		long now = Work.micros();
		Tally.ran(new Work(1, now - 5_000_000, ""));
		Tally.ran(new Work(2, now - 1_000_000, ""));
		assertThat(Tally.waits(0, 10)).hasSize(2).isSorted();
		assertThat(Tally.waits(1, 2)[0]).isGreaterThanOrEqualTo(5_000_000);
	}

}
