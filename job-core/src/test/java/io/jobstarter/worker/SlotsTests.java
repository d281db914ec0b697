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

	private final Prefetch prefetch = new Prefetch();

	private Slots slots(@Nullable Integer concurrency) {
		return slots(QueueOrder.STRICT, concurrency);
	}

	private Slots slots(QueueOrder order, @Nullable Integer concurrency) {
		Map<String, QueueSettings> queues = new LinkedHashMap<>();
		queues.put("default", new QueueSettings(2, 1));
		queues.put("mail*", new QueueSettings(3, 1));
		return new Slots(new WorkerSettings(ANY, ANY, ANY, ANY, queues, order, concurrency, ANY, true), this.prefetch,
				FleetLimits.NONE);
	}

	// So that ten times as many jobs are claimed ahead as run.
	private void isShort(String entry) {
		this.prefetch.ran(entry, Prefetch.HORIZON.toNanos() / 10, 100);
	}

	private static void takeAndWait(Slots slots, String queue, int jobs) {
		for (int i = 0; i < jobs; i++) {
			slots.take(queue);
			slots.waits(queue);
		}
	}

	private static void start(Slots slots, String queue, int jobs) {
		for (int i = 0; i < jobs; i++) {
			slots.start(queue);
		}
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
	void aLargeClaimIsWorthItBeforeHalfOfWhatIsAheadIsGone() {
		Slots slots = slots(null);
		this.prefetch.ran("default", 1, 100);
		int ahead = slots.claimable("default");
		assertThat(ahead).isGreaterThan(2 * Prefetch.LARGE_CLAIM - 10);
		takeAndWait(slots, "default", ahead - Prefetch.LARGE_CLAIM + 1);
		assertThat(slots.claimable("default")).isZero();
		slots.release("default");
		assertThat(slots.claimable("default")).isEqualTo(Prefetch.LARGE_CLAIM);
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

	@Test
	void whatIsShortMayBeClaimedAheadAndOnlyFillsTheSlots() {
		Slots slots = slots(QueueOrder.WEIGHTED, null);
		isShort("default");
		assertThat(slots.claimable("default")).isEqualTo(22);
		assertThat(slots.claimable("mail-a")).isEqualTo(3);
		takeAndWait(slots, "default", 22);
		start(slots, "default", 2);
		assertThat(slots.mayStart("default")).isFalse();
		slots.ended("default");
		assertThat(slots.mayStart("default")).isTrue();
		assertThat(slots.heldByQueue()).containsEntry("default", 22);
	}

	@Test
	void asksAgainWhenHalfOfWhatWasClaimedAheadIsGone() {
		Slots slots = slots(QueueOrder.WEIGHTED, null);
		isShort("default");
		takeAndWait(slots, "default", 13);
		assertThat(slots.claimable("default")).isZero();
		assertThat(slots.roomIn("default")).isEqualTo(9);
		slots.waitsNoMore("default");
		slots.release("default");
		assertThat(slots.claimable("default")).isEqualTo(10);
	}

	@Test
	void whatOneQueueHasClaimedAheadTakesNothingFromOthersWithSlotsOfTheirOwn() {
		Slots slots = slots(QueueOrder.WEIGHTED, null);
		isShort("default");
		takeAndWait(slots, "default", 22);
		assertThat(slots.claimable("mail-a")).isEqualTo(3);
		assertThat(slots.free("mail-a")).isEqualTo(3);
		assertThat(slots.claimableOfReturned("mail-a")).isEqualTo(3);
		this.prefetch.stalled("default");
		assertThat(slots.claimable("mail-a")).isEqualTo(3);
		assertThat(slots.claimable("default")).isZero();
	}

	@Test
	void whatWaitsStaysAllowedWhenLessIsToBeClaimedAhead() {
		Slots slots = slots(QueueOrder.WEIGHTED, 4);
		isShort("default");
		takeAndWait(slots, "default", 22);
		start(slots, "default", 2);
		assertThat(slots.claimable("mail-a")).isEqualTo(2);
		this.prefetch.stalled("default");
		assertThat(slots.claimable("mail-a")).isEqualTo(2);
	}

	@Test
	void whatCameBackTakesPartInTheChoiceThoughOthersHaveClaimedAheadForAllSlots() {
		Slots slots = slots(QueueOrder.WEIGHTED, 2);
		isShort("default");
		takeAndWait(slots, "default", 12);
		start(slots, "default", 2);
		assertThat(slots.free("mail-a")).isZero();
		assertThat(slots.claimableOfReturned("mail-a")).isEqualTo(2);
		assertThat(slots.claimableOfReturned("other")).isZero();
	}

	@Test
	void claimsNothingAheadInAStrictOrderOfEntriesThatShareSlotsOrOfAWildcard() {
		Slots shared = slots(QueueOrder.STRICT, 4);
		isShort("default");
		isShort("mail*");
		assertThat(shared.claimable("default")).isEqualTo(2);
		Slots apart = slots(QueueOrder.STRICT, null);
		assertThat(apart.claimable("default")).isEqualTo(22);
		assertThat(apart.claimable("mail-a")).isEqualTo(3);
	}

	@Test
	void anOperatorsLimitOfAQueueOfAWildcardBoundsWhatIsHeldOfIt() {
		Slots slots = slots(QueueOrder.WEIGHTED, null);
		isShort("mail*");
		slots.limit(Map.of("mail-a", 1));
		assertThat(slots.claimable("mail-a")).isEqualTo(1);
		assertThat(slots.claimable("mail-b")).isEqualTo(33);
		takeAndWait(slots, "mail-a", 1);
		assertThat(slots.mayStartOf("mail-a")).isTrue();
		start(slots, "mail-a", 1);
		assertThat(slots.mayStartOf("mail-a")).isFalse();
		assertThat(slots.mayStartOf("mail-b")).isTrue();
		assertThat(slots.limitsQueues()).isTrue();
	}

}
