package io.jobstarter.faults.soak;

import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rule finds leaks, and nothing else. The hours here have 360 measurements of the
 * heap of a node.
 */
class GrowthRuleTests {

	private static final GrowthRule HEAP = new GrowthRule(0.05, 2);

	@Test
	void aLeakOfAThirdOfTheHeapInAnHourIsFound() {
		assertThat(HEAP.judge(hour((second) -> 40 + 15 * second / 3_600)).grows()).isTrue();
	}

	@Test
	void aStepThatStaysIsFound() {
		assertThat(HEAP.judge(hour((second) -> (second < 2_200) ? 40 : 50)).grows()).isTrue();
	}

	@Test
	void noiseIsNoGrowth() {
		Random random = new Random(1);
		assertThat(HEAP.judge(hour((second) -> 40 + random.nextInt(12))).grows()).isFalse();
	}

	@Test
	void whatIsDeletedInPortionsIsNoGrowth() {
		assertThat(HEAP.judge(hour((second) -> 20 + (second % 300) / 10)).grows()).isFalse();
	}

	@Test
	void theBeginningDoesNotCount() {
		assertThat(HEAP.judge(hour((second) -> Math.min(40, second / 12))).grows()).isFalse();
	}

	@Test
	void whatWasNotMeasuredIsNotShownToHold() {
		assertThat(HEAP.judge(new Curve("heap", List.of())).grows()).isTrue();
	}

	private static Curve hour(DoubleUnaryOperator value) {
		return new Curve("heap",
				IntStream.range(1, 361).mapToObj((i) -> new Curve.Point(10 * i, value.applyAsDouble(10 * i))).toList());
	}

}
