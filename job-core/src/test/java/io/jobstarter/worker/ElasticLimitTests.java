package io.jobstarter.worker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ElasticLimitTests {

	private static final int MANY = 1_000;

	private static final Duration ANY = Duration.ofSeconds(1);

	private final ElasticLimit limit = new ElasticLimit(2, 0);

	private long now;

	// A second of looks, in which a number of slots was in use.
	private int second(int used, int max, int spare) {
		for (int look = 0; look < 10; look++) {
			this.now += Duration.ofMillis(100).toNanos();
			this.limit.look(used, max, spare, this.now);
		}
		return this.limit.limit(max);
	}

	private int busySecond(int max, int spare) {
		return second(this.limit.limit(max), max, spare);
	}

	private void started(Duration waited) {
		this.limit.started(waited.toNanos());
	}

	@Test
	void growsByAQuarterWhileJobsWaitTooLong() {
		int[] expected = { 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 20, 20 };
		for (int slots : expected) {
			started(ElasticLimit.TARGET.plusMillis(1));
			assertThat(busySecond(20, MANY)).isEqualTo(slots);
		}
	}

	@Test
	void doesNotGrowWhileJobsStartInTime() {
		started(ElasticLimit.TARGET);
		assertThat(busySecond(20, MANY)).isEqualTo(2);
	}

	@Test
	void doesNotGrowWhileSlotsAreFree() {
		started(ANY);
		assertThat(second(1, 20, MANY)).isEqualTo(2);
	}

	@Test
	void growsBehindLongJobsIfMoreMayWait() {
		this.limit.more(true);
		assertThat(busySecond(20, MANY)).isEqualTo(3);
		assertThat(busySecond(20, MANY)).isEqualTo(4);
		this.limit.more(false);
		assertThat(busySecond(20, MANY)).isEqualTo(4);
	}

	@Test
	void shrinksByOneASecondAfterSlotsWereIdleForAWhile() {
		this.limit.more(true);
		busySecond(20, MANY);
		assertThat(busySecond(20, MANY)).isEqualTo(4);
		this.limit.more(false);
		for (int second = 1; second < ElasticLimit.IDLE.toSeconds(); second++) {
			assertThat(second(3, 20, MANY)).isEqualTo(4);
		}
		assertThat(second(0, 20, MANY)).isEqualTo(3);
		assertThat(second(0, 20, MANY)).isEqualTo(2);
		assertThat(second(0, 20, MANY)).isEqualTo(2);
	}

	@Test
	void oneLookWithAllSlotsInUseKeepsThem() {
		this.limit.more(true);
		assertThat(busySecond(20, MANY)).isEqualTo(3);
		this.limit.more(false);
		for (int second = 0; second < 30; second++) {
			this.now += 1;
			this.limit.look(3, 20, MANY, this.now);
			assertThat(second(0, 20, MANY)).isEqualTo(3);
		}
	}

	@Test
	void growsOnlyAsFarAsThereAreSpareSlots() {
		this.limit.more(true);
		assertThat(busySecond(20, 1)).isEqualTo(3);
		assertThat(busySecond(20, 0)).isEqualTo(3);
	}

	@Test
	void followsWhatAnOperatorSets() {
		this.limit.more(true);
		assertThat(busySecond(20, MANY)).isEqualTo(3);
		assertThat(this.limit.limit(1)).isEqualTo(1);
		assertThat(this.limit.limit(20)).isEqualTo(3);
	}

	private static Slots slots(int ceiling) {
		Map<String, QueueSettings> queues = new LinkedHashMap<>();
		queues.put("fixed", new QueueSettings(3, 1));
		queues.put("mail*", new QueueSettings(10, 1, 1, null));
		queues.put("reports", new QueueSettings(10, 1, 1, null));
		return new Slots(new WorkerSettings(ANY, ANY, ANY, ANY, queues, QueueOrder.WEIGHTED, null, ANY, true, ceiling),
				new Prefetch(), FleetLimits.NONE);
	}

	@Test
	void entriesThatGrowNeverTakeMoreTogetherThanPoolsAllow() {
		Slots slots = slots(8);
		assertThat(slots.limit()).isEqualTo(5);
		long time = System.nanoTime();
		for (int second = 1; second <= 10; second++) {
			slots.more("mail-a", true);
			slots.more("reports", true);
			for (int look = 0; look < 10; look++) {
				while (slots.free("mail-a") > 0) {
					slots.take("mail-a");
				}
				while (slots.free("reports") > 0) {
					slots.take("reports");
				}
				time += Duration.ofMillis(101).toNanos();
				slots.adapt(time);
			}
		}
		assertThat(slots.limit()).isEqualTo(8);
		assertThat(slots.elastic().values()).allMatch((limit) -> limit >= 1);
		slots.limit(Map.of("reports", 1));
		assertThat(slots.elastic()).containsEntry("reports", 1);
	}

}
