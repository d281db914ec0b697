package io.jobstarter.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.ClaimedJob.Fence;
import io.jobstarter.store.Lane;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import io.jobstarter.worker.WorkerSettings.Reserved;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StartQueueTests {

	private static final Duration ANY = Duration.ofSeconds(30);

	private static final JobDefinition DEFINITION = new JobDefinition("task", Set.of(), "test", String.class, "a", 0,
			null, false, true, List.of(), List.of(), (payload, attempt) -> {
			});

	private final Map<String, QueueSettings> queues = new LinkedHashMap<>();

	private final WorkerIdentity identity = WorkerIdentity.draw(ANY);

	private final FairUse fairUse = new FairUse(System::nanoTime);

	private Slots slots;

	private StartQueue queue;

	private void create(QueueOrder order, @Nullable Integer concurrency) {
		WorkerSettings settings = new WorkerSettings(ANY, ANY, ANY, ANY, this.queues, order, concurrency, ANY, true);
		this.slots = new Slots(settings, new Prefetch(), FleetLimits.NONE);
		this.queue = new StartQueue(settings, this.slots, this.fairUse, new Reserves(settings, this.slots));
	}

	private void add(long id, String queue, int priority, boolean front) {
		add(id, new Lane(queue, priority, front));
	}

	private void add(long id, Lane lane) {
		this.slots.take(lane.queue());
		this.queue.add(
				new RunningJob(
						new ClaimedJob(id, new Fence(1, 1), lane, id, "task", "", 0, 0, null, Instant.EPOCH,
								Instant.EPOCH, Instant.EPOCH, Map.of(), List.of()),
						this.identity, this.identity.tenure(), DEFINITION));
	}

	private void add(long id, String queue) {
		add(id, queue, 0, false);
	}

	private long next() {
		RunningJob job = this.queue.next();
		return (job != null) ? job.claimed().id() : -1;
	}

	private List<Long> oneByOne(String queue) {
		List<Long> ids = new ArrayList<>();
		for (long id = next(); id >= 0; id = next()) {
			ids.add(id);
			this.slots.ended(queue);
		}
		return ids;
	}

	@Test
	void startsNoMoreThanThereAreSlots() {
		this.queues.put("a", new QueueSettings(2, 1));
		this.queues.put("b", new QueueSettings(1, 1));
		create(QueueOrder.WEIGHTED, null);
		IntStream.range(0, 4).forEach((i) -> add(i, "a"));
		add(9, "b");
		assertThat(List.of(next(), next(), next())).containsExactlyInAnyOrder(0L, 1L, 9L);
		assertThat(this.queue.next()).isNull();
		this.slots.ended("b");
		assertThat(this.queue.next()).isNull();
		this.slots.ended("a");
		assertThat(next()).isEqualTo(2);
		assertThat(this.queue.sizeByQueue()).isEqualTo(Map.of("a", 1));
	}

	@Test
	void theSharesOfAQueueTakeTurnsWhateverTheirPrioritiesAndOneAloneHasAllSlots() {
		this.queues.put("a", new QueueSettings(4, 1));
		create(QueueOrder.WEIGHTED, null);
		this.fairUse.announced(new Lane("a", 0, false, 1));
		IntStream.range(10, 16).forEach((i) -> add(i, new Lane("a", 9, false, 1)));
		assertThat(List.of(next(), next())).containsExactly(10L, 11L);
		IntStream.range(20, 23).forEach((i) -> add(i, new Lane("a", i, false, 2)));
		assertThat(List.of(next(), next())).containsExactly(22L, 21L);
		assertThat(next()).isEqualTo(-1);
	}

	@Test
	void slotsThatAreKeptAreLeftToLowPrioritiesWhichMayHaveTheOthersToo() {
		this.queues.put("a", new QueueSettings(3, 1, null, null, new Reserved(1, 0)));
		create(QueueOrder.WEIGHTED, null);
		IntStream.range(10, 14).forEach((i) -> add(i, "a"));
		assertThat(List.of(next(), next())).containsExactly(10L, 11L);
		assertThat(next()).isEqualTo(-1);
		add(20, "a", -1, false);
		add(21, "a", -2, false);
		assertThat(next()).isEqualTo(20);
		assertThat(next()).isEqualTo(-1);
		assertThat(this.queue.sizeByQueue()).isEqualTo(Map.of("a", 3));
		create(QueueOrder.WEIGHTED, null);
		IntStream.range(20, 23).forEach((i) -> add(i, "a", -1, false));
		assertThat(List.of(next(), next(), next())).containsExactly(20L, 21L, 22L);
	}

	@Test
	void startsThePriorityThenWhatCameBackThenWhatWasClaimedFirst() {
		this.queues.put("a", new QueueSettings(1, 1));
		create(QueueOrder.WEIGHTED, null);
		add(1, "a");
		add(2, "a", 0, true);
		add(3, "a", 5, false);
		add(4, "a", 5, true);
		add(5, "a");
		assertThat(oneByOne("a")).containsExactly(4L, 3L, 2L, 1L, 5L);
		assertThat(this.queue.sizeByQueue()).isEmpty();
	}

	@Test
	void startsEntriesThatShareSlotsByTheirWeights() {
		this.queues.put("a", new QueueSettings(1, 1));
		this.queues.put("b", new QueueSettings(1, 3));
		int ofB = 0;
		for (int i = 0; i < 4_000; i++) {
			create(QueueOrder.WEIGHTED, 1);
			add(1, "a");
			add(2, "b");
			ofB += (next() == 2) ? 1 : 0;
		}
		// 3,000 with a standard deviation of 27
		assertThat(ofB).isBetween(2_800, 3_200);
	}

	@Test
	void startsEntriesThatShareSlotsInTheirOrderIfItIsStrict() {
		this.queues.put("b", new QueueSettings(5, 1));
		this.queues.put("a", new QueueSettings(5, 1));
		create(QueueOrder.STRICT, 2);
		add(1, "a");
		add(2, "a");
		add(3, "b");
		assertThat(List.of(next(), next())).containsExactly(3L, 1L);
		assertThat(this.queue.next()).isNull();
	}

	@Test
	void startsNothingWhileMoreRunsThanAnOperatorAllowsByNow() {
		this.queues.put("a", new QueueSettings(2, 1));
		create(QueueOrder.WEIGHTED, null);
		IntStream.range(0, 4).forEach((i) -> add(i, "a"));
		next();
		next();
		this.slots.limit(Map.of("a", 1));
		this.slots.ended("a");
		assertThat(this.queue.next()).isNull();
		this.slots.ended("a");
		assertThat(next()).isEqualTo(2);
		this.slots.limit(Map.of("a", 2));
		assertThat(next()).isEqualTo(3);
	}

	@Test
	void startsNothingOfAQueueOfAWildcardBeyondItsOwnLimit() {
		this.queues.put("t-*", new QueueSettings(3, 1));
		create(QueueOrder.WEIGHTED, null);
		IntStream.range(0, 3).forEach((i) -> add(i, "t-a"));
		add(9, "t-b");
		this.slots.limit(Map.of("t-a", 1));
		assertThat(List.of(next(), next())).containsExactlyInAnyOrder(0L, 9L);
		assertThat(this.queue.next()).isNull();
		this.slots.ended("t-a");
		assertThat(next()).isEqualTo(1);
		this.slots.limit(Map.of());
		assertThat(next()).isEqualTo(2);
	}

	@Test
	void takesOutInOrderWhatHasWaitedForTooLong() {
		this.queues.put("a", new QueueSettings(3, 1));
		create(QueueOrder.WEIGHTED, null);
		IntStream.range(0, 20).forEach((i) -> add(i, "a"));
		add(20, "a", 1, false);
		IntStream.range(0, 3).forEach((i) -> next());
		assertThat(this.queue.takeOlderThan(ANY)).isEmpty();
		assertThat(this.queue.takeOlderThan(Duration.ZERO)).extracting((job) -> job.claimed().id())
			.isEqualTo(IntStream.range(2, 20).mapToObj(Long::valueOf).toList());
		assertThat(this.queue.sizeByQueue()).isEmpty();
		assertThat(this.queue.next()).isNull();
	}

}
