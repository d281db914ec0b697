package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.jobstarter.JobRate;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.Lane;
import io.jobstarter.worker.ClaimRound.Ask;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import io.jobstarter.worker.WorkerSettings.Reserved;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClaimRoundTests {

	private static final Duration ANY = Duration.ofSeconds(1);

	private final Map<String, QueueSettings> queues = new LinkedHashMap<>();

	private final Prefetch prefetch = new Prefetch();

	private QueueRates rates = QueueRates.NONE;

	private final AtomicLong now = new AtomicLong();

	private final FairUse fairUse = new FairUse(this.now::incrementAndGet);

	private Slots slots;

	private Reserves reserves;

	private ClaimRound round(List<LaneStart> lanes) {
		return round(QueueOrder.STRICT, lanes);
	}

	private ClaimRound round(QueueOrder order, List<LaneStart> lanes) {
		WorkerSettings settings = new WorkerSettings(ANY, ANY, ANY, ANY, this.queues, order, null, ANY, true);
		this.slots = new Slots(settings, this.prefetch, FleetLimits.NONE);
		this.reserves = new Reserves(settings, this.slots);
		List<String> names = lanes.stream().map((start) -> start.lane().queue()).distinct().toList();
		return new ClaimRound(settings.served(), this.slots, this.rates, names,
				(queue) -> lanes.stream().filter((start) -> start.lane().queue().equals(queue)).toList(), this.fairUse,
				this.reserves);
	}

	// So that ten times as many jobs are claimed ahead as run.
	private void isShort(String entry) {
		this.prefetch.ran(entry, Prefetch.HORIZON.toNanos() / 10, 100);
	}

	private static LaneStart front(String queue, int priority) {
		return new LaneStart(new Lane(queue, priority, true), 0);
	}

	private static LaneStart lane(String queue, int priority) {
		return new LaneStart(new Lane(queue, priority, false), 0);
	}

	private static List<LaneStart> lanes(String... queues) {
		return Arrays.stream(queues).map((queue) -> lane(queue, 0)).toList();
	}

	private static List<String> queuesOf(Ask ask) {
		return ask.demands().stream().map(QueueDemand::queue).toList();
	}

	private static LaneStart share(int share, int priority) {
		return new LaneStart(new Lane("a", priority, false, share), 0);
	}

	private static QueueDemand demand(int share, int limit, LaneStart... lanes) {
		return new QueueDemand("a", limit, List.of(lanes), share);
	}

	@Test
	void theShareThatHasUsedLeastIsAskedFirstAndEachForAnEqualPart() {
		this.queues.put("a", new QueueSettings(5, 1));
		this.queues.put("b", new QueueSettings(5, 1));
		List<LaneStart> lanes = List.of(share(1, 9), share(1, 0), share(2, 5), lane("b", 0));
		ClaimRound round = round(lanes);
		this.fairUse.turns("a", lanes);
		this.fairUse.started(share(1, 0).lane());
		Ask ask = round.next();
		assertThat(ask.demands()).containsExactly(demand(2, 3, share(2, 5)), demand(1, 3, share(1, 9), share(1, 0)));
		assertThat(ask.limit()).isEqualTo(5);
		assertThat(queuesOf(round.next())).containsExactly("b");
		assertThat(round.next()).isNull();
	}

	@Test
	void aShareThatHadNoMoreJobsLeavesItsPartToTheOthers() {
		this.queues.put("a", new QueueSettings(6, 1));
		List<LaneStart> lanes = List.of(share(1, 0), share(2, 0));
		List<QueueDemand> asked = round(lanes).next().demands();
		assertThat(asked).containsExactly(demand(1, 3, share(1, 0)), demand(2, 3, share(2, 0)));
		assertThat(this.fairUse.asked(asked.get(0), 0, false)).isFalse();
		assertThat(this.fairUse.asked(asked.get(1), 3, false)).isTrue();
		assertThat(round(lanes).next().demands()).containsExactly(demand(1, 6, share(1, 0)), demand(2, 6, share(2, 0)));
		this.fairUse.announced(share(1, 0).lane());
		assertThat(round(lanes).next().demands()).contains(demand(2, 3, share(2, 0)));
	}

	@Test
	void whatComesOfAShareWithNothingAtHandIsClaimedBeyondWhatOthersHaveClaimedAhead() {
		this.queues.put("a", new QueueSettings(2, 1));
		isShort("a");
		List<LaneStart> lanes = List.of(share(1, 0), share(2, 0));
		ClaimRound round = round(lanes);
		for (int i = 0; i < 22; i++) {
			this.slots.take("a");
			this.fairUse.turns("a", lanes);
			this.fairUse.waits(share(1, 0).lane());
		}
		assertThat(round.next()).isNull();
		this.fairUse.announced(share(1, 0).lane());
		assertThat(this.fairUse.hasNewcomers()).isFalse();
		this.fairUse.announced(share(2, 0).lane());
		assertThat(this.fairUse.hasNewcomers()).isTrue();
		Ask ask = again(lanes).next();
		assertThat(ask).isEqualTo(new Ask("a", List.of(demand(2, 12, share(2, 0))), 12, true));
		this.fairUse.asked(ask.demands().get(0), 1, false);
		this.fairUse.welcomed();
		assertThat(this.fairUse.hasNewcomers()).isFalse();
		assertThat(again(lanes).next()).isNull();
	}

	private ClaimRound again(List<LaneStart> lanes) {
		return new ClaimRound(new ServedQueues(this.queues.keySet()), this.slots, this.rates, List.of("a"),
				(queue) -> lanes, this.fairUse, this.reserves);
	}

	@Test
	void ofSlotsThatAreKeptLowPrioritiesAreAskedFirstAndOthersForTheRest() {
		this.queues.put("a", new QueueSettings(5, 1, null, null, new Reserved(2, 0)));
		this.queues.put("b", new QueueSettings(5, 1));
		ClaimRound round = round(List.of(lane("a", 5), lane("a", 0), lane("a", -1), lane("b", 0)));
		assertThat(round.next())
			.isEqualTo(new Ask("a", List.of(new QueueDemand("a", 2, List.of(lane("a", -1)))), 2, false));
		assertThat(round.next())
			.isEqualTo(new Ask("a", List.of(new QueueDemand("a", 3, List.of(lane("a", 5), lane("a", 0)))), 3, false));
		assertThat(round.next())
			.isEqualTo(new Ask("a", List.of(new QueueDemand("a", 5, List.of(lane("a", -1)))), 5, false));
		assertThat(queuesOf(round.next())).containsExactly("b");
		assertThat(round.next()).isNull();
	}

	@Test
	void whatIsHeldOfLowPrioritiesIsNotKeptForThemTwice() {
		this.queues.put("a", new QueueSettings(5, 1, null, null, new Reserved(2, 0)));
		ClaimRound round = round(List.of(lane("a", 5), lane("a", -1)));
		for (int i = 0; i < 4; i++) {
			this.slots.take("a");
			this.reserves.waits(lane("a", (i < 2) ? -1 : 5).lane());
		}
		Ask ask = round.next();
		assertThat(ask.demands()).containsExactly(new QueueDemand("a", 1, List.of(lane("a", 5))));
		assertThat(round.next().demands()).containsExactly(new QueueDemand("a", 1, List.of(lane("a", -1))));
	}

	@Test
	void asksQueuesWithEntriesOfTheirOwnTogether() {
		this.queues.put("a", new QueueSettings(2, 1));
		this.queues.put("b", new QueueSettings(3, 1));
		ClaimRound round = round(List.of(lane("a", 5), lane("a", 0), lane("b", 0)));
		Ask ask = round.next();
		assertThat(ask.limit()).isEqualTo(5);
		assertThat(ask.demands()).containsExactly(new QueueDemand("a", 2, List.of(lane("a", 5), lane("a", 0))),
				new QueueDemand("b", 3, List.of(lane("b", 0))));
		assertThat(round.next()).isNull();
	}

	@Test
	void asksTheQueuesOfAWildcardApartForWhatItHasLeft() {
		this.queues.put("a", new QueueSettings(2, 1));
		this.queues.put("t-*", new QueueSettings(3, 1));
		this.queues.put("u-*", new QueueSettings(4, 1));
		this.queues.put("b", new QueueSettings(5, 1));
		ClaimRound round = round(lanes("a", "t-1", "t-2", "u-1", "b"));
		this.slots.take("t-3");
		assertThat(queuesOf(round.next())).containsExactly("a");
		Ask wildcard = round.next();
		assertThat(queuesOf(wildcard)).containsExactly("t-1", "t-2");
		assertThat(wildcard.limit()).isEqualTo(2);
		assertThat(queuesOf(round.next())).containsExactly("u-1");
		assertThat(queuesOf(round.next())).containsExactly("b");
		assertThat(round.next()).isNull();
	}

	@Test
	void leavesOutQueuesWithoutFreeSlots() {
		this.queues.put("a", new QueueSettings(1, 1));
		this.queues.put("t-*", new QueueSettings(1, 1));
		this.queues.put("b", new QueueSettings(1, 1));
		ClaimRound round = round(lanes("a", "t-1", "b"));
		this.slots.take("a");
		this.slots.take("t-9");
		assertThat(queuesOf(round.next())).containsExactly("b");
		assertThat(round.next()).isNull();
	}

	@Test
	void asksTheLanesOfAQueueWithMoreThanOneClaimHolds() {
		this.queues.put("a", new QueueSettings(5, 1));
		List<LaneStart> lanes = IntStream.range(0, 250).mapToObj((i) -> lane("a", 250 - i)).toList();
		ClaimRound round = round(lanes);
		assertThat(round.next().demands()).containsExactly(new QueueDemand("a", 5, lanes.subList(0, 100)));
		assertThat(round.next().demands()).containsExactly(new QueueDemand("a", 5, lanes.subList(100, 200)));
		IntStream.range(0, 5).forEach((i) -> this.slots.take("a"));
		assertThat(round.next()).isNull();
	}

	@Test
	void goesThroughAThousandQueuesAndTheirPrioritiesABoundedNumberAtATime() {
		this.queues.put("*", new QueueSettings(5, 1));
		List<LaneStart> lanes = IntStream.range(0, 3_000).mapToObj((i) -> lane("t-" + i / 3, i % 3)).toList();
		ClaimRound round = round(lanes);
		List<LaneStart> asked = new ArrayList<>();
		for (Ask ask = round.next(); ask != null; ask = round.next()) {
			List<LaneStart> together = ask.demands().stream().flatMap((demand) -> demand.lanes().stream()).toList();
			assertThat(together).hasSizeLessThanOrEqualTo(ClaimRound.MAX_LANES);
			asked.addAll(together);
		}
		assertThat(asked).isEqualTo(lanes);
	}

	@Test
	void asksForWhatMayBeClaimedAheadAsWell() {
		this.queues.put("a", new QueueSettings(2, 1));
		this.queues.put("b", new QueueSettings(3, 1));
		isShort("a");
		Ask ask = round(lanes("a", "b")).next();
		assertThat(ask.limit()).isEqualTo(25);
		assertThat(ask.demands()).extracting(QueueDemand::limit).containsExactly(22, 3);
	}

	@Test
	void asksForFreeSlotsOnlyWhereJobsCameBack() {
		this.queues.put("a", new QueueSettings(2, 1));
		this.queues.put("b", new QueueSettings(3, 1));
		isShort("a");
		isShort("b");
		ClaimRound round = round(List.of(lane("a", 5), front("a", 0), lane("a", 0), lane("b", 0)));
		this.slots.take("a");
		assertThat(round.next().demands()).extracting(QueueDemand::limit).containsExactly(1, 33);
		ClaimRound full = round(List.of(lane("a", 5), front("a", 0), lane("b", 0)));
		this.slots.take("a");
		this.slots.take("a");
		assertThat(queuesOf(full.next())).containsExactly("b");
	}

	@Test
	void leavesOutWhatHasEnoughAhead() {
		this.queues.put("a", new QueueSettings(2, 1));
		this.queues.put("b", new QueueSettings(3, 1));
		isShort("a");
		ClaimRound round = round(lanes("a", "b"));
		IntStream.range(0, 15).forEach((i) -> this.slots.take("a"));
		assertThat(queuesOf(round.next())).containsExactly("b");
		assertThat(round.next()).isNull();
	}

	@Test
	void theQueuesOfAWildcardShareWhatIsClaimedAhead() {
		this.queues.put("t-*", new QueueSettings(2, 1));
		isShort("t-*");
		Ask ask = round(QueueOrder.WEIGHTED, lanes("t-1", "t-2", "t-3")).next();
		assertThat(ask.limit()).isEqualTo(22);
		assertThat(ask.demands()).extracting(QueueDemand::limit).containsExactly(9, 9, 9);
	}

	@Test
	void neverAsksForNothing() {
		this.queues.put("t-*", new QueueSettings(2, 1));
		isShort("t-*");
		ClaimRound round = round(QueueOrder.WEIGHTED, List.of(front("t-1", 0), lane("t-2", 0)));
		IntStream.range(0, 22).forEach((i) -> this.slots.take("t-3"));
		assertThat(round.next()).isNull();
	}

	@Test
	void asksForAQueueWithARateApartAndOnlyForWhatCanStartAtOnce() {
		this.queues.put("a", new QueueSettings(2, 1));
		this.queues.put("t-*", new QueueSettings(3, 1));
		isShort("a");
		isShort("t-*");
		this.rates = new QueueRates(Map.of("t-*", new JobRate(50, ANY)), null, () -> 0);
		ClaimRound round = round(lanes("a", "t-1", "t-2"));
		assertThat(queuesOf(round.next())).containsExactly("a");
		Ask ask = round.next();
		assertThat(ask.entry()).isEqualTo("t-*");
		assertThat(queuesOf(ask)).containsExactly("t-1", "t-2");
		assertThat(ask.limit()).isEqualTo(3);
		assertThat(round.next()).isNull();
	}

}
