package io.jobstarter.worker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QueueSelectionTests {

	private static final int DRAWS = 10_000;

	private static final Duration ANY = Duration.ofSeconds(1);

	private final Map<String, QueueSettings> queues = new LinkedHashMap<>();

	QueueSelectionTests() {
		this.queues.put("light", new QueueSettings(1, 1));
		this.queues.put("heavy", new QueueSettings(1, 3));
	}

	private WorkerSettings settings(QueueOrder order) {
		return new WorkerSettings(ANY, ANY, ANY, ANY, this.queues, order, null, ANY, true);
	}

	private QueueSelection strict() {
		return new QueueSelection(settings(QueueOrder.STRICT));
	}

	private QueueSelection weighted() {
		Random chance = new Random(42);
		return new QueueSelection(settings(QueueOrder.WEIGHTED), chance::nextDouble);
	}

	private static long draws(QueueSelection selection, List<String> queues, Predicate<String> first) {
		return IntStream.range(0, DRAWS).filter((i) -> first.test(selection.order(queues).get(0))).count();
	}

	@Test
	void asksQueuesInTheOrderInWhichTheyAreListedIfItIsStrict() {
		QueueSelection selection = strict();
		assertThat(IntStream.range(0, 100).mapToObj((i) -> selection.order(List.of("heavy", "light"))))
			.allSatisfy((order) -> assertThat(order).containsExactly("light", "heavy"));
	}

	@Test
	void asksTheQueuesOfAWildcardByNameIfItIsStrict() {
		this.queues.put("t-*", new QueueSettings(1, 1));
		this.queues.put("t-m", new QueueSettings(1, 1));
		assertThat(strict().order(List.of("heavy", "t-a", "t-c", "t-m", "t-z"))).containsExactly("heavy", "t-a", "t-c",
				"t-z", "t-m");
	}

	@Test
	void asksAQueueFirstInProportionToItsWeight() {
		long heavyFirst = draws(weighted(), List.of("light", "heavy"), "heavy"::equals);
		assertThat(heavyFirst).isBetween((long) (DRAWS * 0.73), (long) (DRAWS * 0.77));
	}

	@Test
	void asksAWildcardInProportionToItsWeightHoweverManyQueuesItHas() {
		this.queues.clear();
		this.queues.put("single", new QueueSettings(1, 1));
		this.queues.put("t-*", new QueueSettings(1, 1));
		List<String> queues = List.of("t-1", "t-2", "t-3", "t-4", "single");
		assertThat(draws(weighted(), queues, "single"::equals)).isBetween((long) (DRAWS * 0.48), (long) (DRAWS * 0.52));
		assertThat(draws(weighted(), queues, "t-3"::equals)).isBetween((long) (DRAWS * 0.11), (long) (DRAWS * 0.14));
	}

	@Test
	void asksEveryQueueHoweverTheDrawEnds() {
		assertThat(weighted().order(List.of("light", "heavy"))).containsExactlyInAnyOrder("light", "heavy");
	}

	@Test
	void asksNoQueueThatIsNotServed() {
		assertThat(weighted().order(List.of("light", "other"))).containsExactly("light");
	}

	@Test
	void choosesAmongEntriesByOrderOrByWeight() {
		assertThat(strict().entry(List.of("heavy", "light"))).isEqualTo("light");
		QueueSelection weighted = weighted();
		long heavy = IntStream.range(0, DRAWS)
			.filter((i) -> weighted.entry(List.of("heavy", "light")).equals("heavy"))
			.count();
		assertThat(heavy).isBetween((long) (DRAWS * 0.73), (long) (DRAWS * 0.77));
		assertThat(weighted.entry(List.of("light"))).isEqualTo("light");
	}

	@Test
	void choosesAmongTheQueuesOfAWildcardByNameOrByChance() {
		SortedMap<String, Integer> queues = new TreeMap<>(Map.of("t-a", 1, "t-b", 1, "t-c", 1));
		assertThat(strict().queue(queues)).isEqualTo("t-a");
		QueueSelection weighted = weighted();
		long last = IntStream.range(0, DRAWS).filter((i) -> weighted.queue(queues).equals("t-c")).count();
		assertThat(last).isBetween((long) (DRAWS * 0.31), (long) (DRAWS * 0.36));
	}

}
