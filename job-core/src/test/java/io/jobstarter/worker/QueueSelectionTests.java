package io.jobstarter.worker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QueueSelectionTests {

	private static final int DRAWS = 10_000;

	private final Map<String, QueueSettings> queues = new LinkedHashMap<>();

	QueueSelectionTests() {
		this.queues.put("light", new QueueSettings(1, 1));
		this.queues.put("heavy", new QueueSettings(1, 3));
	}

	@Test
	void asksQueuesInTheOrderInWhichTheyAreListedIfItIsStrict() {
		QueueSelection selection = new QueueSelection(this.queues, QueueOrder.STRICT);
		assertThat(IntStream.range(0, 100).mapToObj((i) -> selection.next()))
			.allSatisfy((order) -> assertThat(order).containsExactly("light", "heavy"));
	}

	@Test
	void asksAQueueFirstInProportionToItsWeight() {
		Random chance = new Random(42);
		QueueSelection selection = new QueueSelection(this.queues, QueueOrder.WEIGHTED, chance::nextDouble);
		long heavyFirst = IntStream.range(0, DRAWS).filter((i) -> selection.next().get(0).equals("heavy")).count();
		assertThat(heavyFirst).isBetween((long) (DRAWS * 0.73), (long) (DRAWS * 0.77));
	}

	@Test
	void asksEveryQueueHoweverTheDrawEnds() {
		QueueSelection selection = new QueueSelection(this.queues, QueueOrder.WEIGHTED);
		assertThat(selection.next()).containsExactlyInAnyOrder("light", "heavy");
	}

}
