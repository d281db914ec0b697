package io.jobstarter.worker;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.Lane;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FairUseTests {

	private final AtomicLong now = new AtomicLong();

	private final FairUse use = new FairUse(this.now::get);

	private static Lane lane(int share) {
		return new Lane("mailers", 0, false, share);
	}

	private void pass(double halfLives) {
		this.now.addAndGet((long) (halfLives * FairUse.HALF_LIFE.toNanos()));
	}

	private int next(Integer... shares) {
		return this.use.next("mailers", Set.of(shares));
	}

	private void run(int share) {
		this.use.waits(lane(share));
		this.use.started(lane(share));
	}

	@Test
	void whoeverHasJustComeGoesBeforeThoseThatHadTheSlotsUntilItHasCaughtUp() {
		this.use.announced(lane(1));
		run(1);
		pass(20);
		this.use.ended(lane(1));
		run(2);
		pass(0.9);
		assertThat(next(1, 2)).isEqualTo(2);
		pass(0.2);
		assertThat(next(1, 2)).isEqualTo(1);
	}

	@Test
	void ofJobsThatRunForLongTheirNumberCounts() {
		this.use.announced(lane(1));
		run(1);
		run(1);
		run(2);
		pass(20);
		assertThat(next(1, 2)).isEqualTo(2);
		run(2);
		run(2);
		pass(20);
		assertThat(next(1, 2)).isEqualTo(1);
	}

	@Test
	void whatEndedBeforeAnybodyKnewOfSharesDoesNotCount() {
		this.use.announced(lane(1));
		this.use.ended(lane(0));
		run(1);
		pass(1);
		assertThat(next(0, 1)).isZero();
		run(0);
		run(0);
		pass(20);
		assertThat(next(0, 1)).isEqualTo(1);
	}

	@Test
	void queuesWithoutSharesAreNotLookedAfter() {
		this.use.announced(lane(0));
		assertThat(this.use.isShared("mailers")).isFalse();
		assertThat(this.use.turns("mailers", List.of(new LaneStart(lane(0), 0))).isShared()).isFalse();
		assertThat(this.use.turns("mailers", List.of(new LaneStart(lane(5), 0))).isShared()).isTrue();
		this.use.forgetGone((queue) -> false);
		assertThat(this.use.isShared("mailers")).isFalse();
	}

}
