package io.jobstarter.store;

import java.time.Duration;
import java.util.List;

import io.jobstarter.store.FleetQueue.FleetShare;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FleetDivisionTests {

	private static final long ME = 1;

	private static FleetQueue queue(@Nullable Integer set, FleetShare... shares) {
		return new FleetQueue("mailers", set, List.of(shares));
	}

	private static FleetShare share(long worker, int slots, int wanted) {
		return share(worker, slots, wanted, Duration.ofMillis(worker));
	}

	private static FleetShare share(long worker, int slots, int wanted, Duration age) {
		return new FleetShare(worker, slots, wanted, 1, age, null);
	}

	private static FleetWish wish(int held, int wanted) {
		return new FleetWish("mailers", ME, 2, held, wanted, null);
	}

	@Test
	void whoAsksAloneGetsWhatThereIs() {
		assertThat(FleetDivision.slots(queue(20), wish(0, 5))).isEqualTo(5);
		assertThat(FleetDivision.slots(queue(20), wish(0, 50))).isEqualTo(20);
	}

	@Test
	void nobodyGetsWhatOthersHave() {
		assertThat(FleetDivision.slots(queue(20, share(2, 18, 18)), wish(0, 5))).isEqualTo(2);
		assertThat(FleetDivision.slots(queue(20, share(2, 20, 20)), wish(0, 5))).isZero();
	}

	@Test
	void whoHasMoreThanItsPartGivesBackWhatOthersLack() {
		FleetQueue queue = queue(20, share(ME, 20, 20), share(2, 0, 4));
		assertThat(FleetDivision.slots(queue, wish(7, 20))).isEqualTo(16);
		assertThat(FleetDivision.slots(queue(20, share(ME, 20, 20), share(2, 0, 40)), wish(7, 20))).isEqualTo(10);
	}

	@Test
	void whoHoldsMoreThanItIsGrantedKeepsTheSlotsOfItsJobs() {
		FleetQueue queue = queue(20, share(ME, 20, 20), share(2, 0, 40));
		assertThat(FleetDivision.granted(queue, wish(18, 20))).isEqualTo(10);
		assertThat(FleetDivision.slots(queue, wish(18, 20))).isEqualTo(18);
	}

	@Test
	void whatOthersDoNotWantOfTheirPartGoesToWhoeverAsks() {
		FleetQueue queue = queue(20, share(2, 3, 3), share(3, 2, 2));
		assertThat(FleetDivision.slots(queue, wish(0, 50))).isEqualTo(15);
	}

	@Test
	void theRestOfTheDivisionIsUsed() {
		FleetQueue queue = queue(20, share(ME, 6, 50), share(2, 6, 50), share(3, 6, 50));
		assertThat(FleetDivision.slots(queue, wish(6, 50))).isEqualTo(8);
	}

	@Test
	void aLowerLimitTakesEffectAsJobsEnd() {
		FleetQueue queue = queue(4, share(ME, 10, 10), share(2, 10, 10));
		assertThat(FleetDivision.granted(queue, wish(10, 10))).isZero();
		assertThat(FleetDivision.slots(queue, wish(6, 10))).isEqualTo(6);
		assertThat(FleetDivision.slots(queue(4, share(ME, 6, 10), share(2, 1, 10)), wish(1, 10))).isEqualTo(2);
	}

	@Test
	void whereThereAreMoreWorkersThanSlotsTheyTakeTurns() {
		FleetShare holder = share(ME, 1, 2, FleetDivision.TURN.minusMillis(1));
		FleetShare first = share(2, 0, 1, Duration.ofSeconds(3));
		FleetShare second = share(3, 0, 1, Duration.ofSeconds(2));
		assertThat(FleetDivision.granted(queue(1, holder, first, second), wish(1, 2))).isEqualTo(1);
		FleetShare over = share(ME, 1, 2, FleetDivision.TURN);
		assertThat(FleetDivision.granted(queue(1, over, first, second), wish(1, 2))).isZero();
		FleetShare again = share(ME, 0, 2, Duration.ZERO);
		assertThat(FleetDivision.slots(queue(1, again, first, second), wish(0, 2))).isZero();
		FleetShare longest = share(ME, 0, 2, Duration.ofSeconds(4));
		assertThat(FleetDivision.slots(queue(1, longest, first, second), wish(0, 2))).isEqualTo(1);
	}

	@Test
	void onlyThoseTakeTurnsThatWait() {
		FleetShare idle = share(2, 0, 0);
		FleetShare waits = share(3, 0, 2);
		FleetQueue queue = queue(2, share(ME, 2, 9, Duration.ofHours(1)), idle, waits, share(4, 0, 0));
		assertThat(FleetDivision.granted(queue, wish(2, 9))).isEqualTo(1);
		FleetQueue crowded = queue(2, share(ME, 2, 9, Duration.ZERO), waits, share(4, 0, 1));
		assertThat(FleetDivision.granted(crowded, wish(2, 9))).isEqualTo(1);
		FleetQueue one = queue(2, share(ME, 1, 9, Duration.ZERO), share(3, 1, 9), share(4, 0, 1));
		assertThat(FleetDivision.granted(one, wish(1, 9))).isEqualTo(1);
	}

	@Test
	void whoIsAloneKeepsItsTurn() {
		assertThat(FleetDivision.granted(queue(1, share(ME, 1, 1, Duration.ofHours(1)), share(2, 0, 0)), wish(1, 2)))
			.isEqualTo(1);
	}

	@Test
	void whatAnOperatorSetsGoesBeforeTheConfiguration() {
		FleetShare other = new FleetShare(2, 0, 0, 1, Duration.ZERO, 3);
		assertThat(queue(7, other).limit()).isEqualTo(7);
		assertThat(FleetDivision.slots(queue(7, other), new FleetWish("mailers", ME, 2, 0, 50, 5))).isEqualTo(7);
	}

	@Test
	void theLowestConfiguredLimitHoldsForAll() {
		FleetShare other = new FleetShare(2, 0, 0, 1, Duration.ZERO, 3);
		assertThat(queue(null, other).limit()).isEqualTo(3);
		assertThat(FleetDivision.slots(queue(null, other), new FleetWish("mailers", ME, 2, 0, 50, 5))).isEqualTo(3);
		assertThat(FleetDivision.slots(queue(null, other), new FleetWish("mailers", ME, 2, 0, 50, 2))).isEqualTo(2);
		assertThat(FleetDivision.slots(queue(null, other), wish(0, 50))).isEqualTo(3);
	}

}
