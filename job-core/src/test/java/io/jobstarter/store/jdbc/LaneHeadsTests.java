package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Map;

import io.jobstarter.store.Lane;
import io.jobstarter.store.jdbc.LaneHeads.Head;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link LaneHeads}.
 */
class LaneHeadsTests {

	private static final Lane LANE = new Lane("default", 0, false);

	private static final long MILLI = 1_000_000;

	private final LaneHeads heads = new LaneHeads();

	@Test
	void beginsAtTheFirstJobOfTheLastReadingWhileReadingFromTheStartIsExpensive() {
		this.heads.read(this.heads.from(0), List.of(new Head(LANE, 50)), 0, 300 * MILLI);
		assertThat(this.heads.from(10_000 * MILLI)).isEqualTo(Map.of(LANE, 50L));
		this.heads.read(Map.of(LANE, 50L), List.of(new Head(LANE, 70)), 10_000 * MILLI, 10_001 * MILLI);
		assertThat(this.heads.from(20_000 * MILLI)).isEqualTo(Map.of(LANE, 70L));
		assertThat(this.heads.from(30_000 * MILLI)).isEmpty();
	}

	@Test
	void beginsAtTheStartEachTimeWhereThatIsCheap() {
		this.heads.read(this.heads.from(0), List.of(new Head(LANE, 50)), 0, 3 * MILLI);
		assertThat(this.heads.from(10_000 * MILLI)).isEmpty();
	}

	@Test
	void beginsAtTheStartAfterTwoMinutesHoweverExpensiveThatIs() {
		this.heads.read(this.heads.from(0), List.of(new Head(LANE, 50)), 0, 10_000 * MILLI);
		assertThat(this.heads.from(100_000 * MILLI)).isNotEmpty();
		assertThat(this.heads.from(130_000 * MILLI)).isEmpty();
	}

}
