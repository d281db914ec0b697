package io.jobstarter.worker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SlotsTests {

	private static final Duration ANY = Duration.ofSeconds(1);

	private static Slots slots(@Nullable Integer concurrency) {
		Map<String, QueueSettings> queues = new LinkedHashMap<>();
		queues.put("default", new QueueSettings(2, 1));
		queues.put("mail*", new QueueSettings(3, 1));
		return new Slots(new WorkerSettings(ANY, ANY, ANY, ANY, queues, QueueOrder.STRICT, concurrency, ANY, true),
				new Prefetch());
	}

	@Test
	void theQueuesOfAWildcardShareItsSlots() {
		Slots slots = slots(null);
		slots.take("mail-a");
		slots.take("mail-b");
		assertThat(slots.free("mail-c")).isEqualTo(1);
		assertThat(slots.freeIn("mail*")).isEqualTo(1);
		assertThat(slots.free("default")).isEqualTo(2);
		assertThat(slots.free("other")).isZero();
		assertThat(slots.claimable()).isEqualTo(3);
		slots.release("mail-b");
		assertThat(slots.free("mail-c")).isEqualTo(2);
	}

	@Test
	void anOperatorsLimitReplacesThatOfAnExactEntryBothWays() {
		Slots slots = slots(null);
		assertThat(slots.limit(Map.of("default", 9))).isTrue();
		assertThat(slots.free("default")).isEqualTo(9);
		assertThat(slots.limit()).isEqualTo(12);
		assertThat(slots.limit(Map.of("default", 1))).isTrue();
		assertThat(slots.free("default")).isEqualTo(1);
		assertThat(slots.limit(Map.of())).isTrue();
		assertThat(slots.free("default")).isEqualTo(2);
		assertThat(slots.limit()).isEqualTo(5);
	}

	@Test
	void anOperatorsLimitHoldsWithinTheSlotsOfAWildcard() {
		Slots slots = slots(null);
		slots.limit(Map.of("mail-a", 1, "mail-b", 50));
		assertThat(slots.free("mail-a")).isEqualTo(1);
		assertThat(slots.free("mail-b")).isEqualTo(3);
		slots.take("mail-a");
		assertThat(slots.free("mail-a")).isZero();
		assertThat(slots.free("mail-b")).isEqualTo(2);
		assertThat(slots.limit()).isEqualTo(5);
	}

	@Test
	void aLimitBelowWhatRunsLetsItEndFirst() {
		Slots slots = slots(null);
		slots.take("default");
		slots.take("default");
		slots.limit(Map.of("default", 1));
		assertThat(slots.free("default")).isZero();
		slots.release("default");
		assertThat(slots.free("default")).isZero();
		slots.release("default");
		assertThat(slots.free("default")).isEqualTo(1);
	}

	@Test
	void theCapOverAllQueuesStays() {
		Slots slots = slots(4);
		slots.limit(Map.of("default", 100));
		assertThat(slots.limit()).isEqualTo(4);
		assertThat(slots.free("default")).isEqualTo(4);
		slots.limit(Map.of("default", 1));
		assertThat(slots.limit()).isEqualTo(4);
	}

	@Test
	void aLimitThatSomebodyElseHasWrittenDoesNoHarm() {
		Slots slots = slots(null);
		slots.limit(Map.of("default", -7));
		assertThat(slots.free("default")).isZero();
		assertThat(slots.free("mail-a")).isEqualTo(3);
	}

	@Test
	void aLimitOfAQueueThatIsNotServedChangesNothing() {
		assertThat(slots(null).limit(Map.of("other", 7))).isFalse();
	}

	@Test
	void keepsNoCountOfQueuesThatComeAndGo() {
		Slots slots = slots(null);
		for (String queue : new String[] { "mail-1", "mail-2", "default" }) {
			slots.take(queue);
			slots.release(queue);
		}
		assertThat(slots.heldByQueue()).isEqualTo(Map.of("default", 0));
	}

}
