package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;

import io.jobstarter.store.FleetQueue;
import io.jobstarter.store.FleetWish;
import io.jobstarter.worker.FleetShare.Demand;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FleetShareTests {

	private static final long WORKER = 7;

	private static final Demand SOMETHING = new Demand(0, 4, true);

	private static final Demand NOTHING = new Demand(0, 4, false);

	private final FleetShare share = new FleetShare("reports", 3, 0);

	@Test
	void whoGaveItsSlotsBackLooksAgainWhenItMayAskAgain() {
		ask(SOMETHING, 1, 0);
		assertThat(this.share.slots()).isOne();
		long later = FleetShare.KEEP + 1;
		ask(NOTHING, 0, later);
		assertThat(this.share.slots()).isZero();
		assertThat(this.share.wish(SOMETHING, WORKER, later).wanted()).isZero();
		assertThat(this.share.untilLook(later)).isEqualTo(FleetShare.QUIET);
		long again = later + FleetShare.QUIET;
		assertThat(this.share.wish(SOMETHING, WORKER, again).wanted()).isOne();
		assertThat(this.share.untilLook(again)).isEqualTo(Long.MAX_VALUE);
	}

	private void ask(Demand demand, int granted, long now) {
		FleetWish wish = this.share.wish(demand, WORKER, now);
		this.share.asks(wish);
		FleetQueue.FleetShare given = new FleetQueue.FleetShare(WORKER, granted, wish.wanted(), wish.turn(),
				Duration.ZERO, 3);
		this.share.answered(new FleetQueue("reports", null, List.of(given)), wish, now);
	}

}
