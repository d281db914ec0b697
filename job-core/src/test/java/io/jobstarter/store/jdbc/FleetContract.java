package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.jobstarter.JobOutcome;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.FleetBound;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.FleetQueue;
import io.jobstarter.store.FleetQueue.FleetShare;
import io.jobstarter.store.FleetStore;
import io.jobstarter.store.FleetWish;
import io.jobstarter.store.KeyTerms;
import io.jobstarter.store.QueueScope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.LEASE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The slots of queues of which all nodes together run a bounded number of jobs.
 */
interface FleetContract {

	StoreFixture fixture();

	private FleetStore fleet() {
		return fixture().stores.fleetStore();
	}

	private FleetQueue take(long worker, long turn, int held, int wanted) {
		return take(worker, turn, held, wanted, 4);
	}

	private FleetQueue take(long worker, long turn, int held, int wanted, @Nullable Integer declared) {
		return fleet().take(new FleetWish("default", worker, turn, held, wanted, declared)).orElseThrow();
	}

	private int slots(long worker) {
		return fleet().read(Set.of("default")).get(0).of(worker).map(FleetShare::slots).orElse(0);
	}

	private List<ClaimedJob> claim(long worker, long claim, int limit, int held) {
		return fixture().stores.claimStore()
			.claim(new ClaimRequest(worker, claim, Set.of("mail"), List.of(fixture().demand("default", limit)), limit,
					KeyTerms.NONE, List.of(new FleetBound("default", held))));
	}

	@Test
	default void noMoreSlotsAreGivenOutThanThereAre() {
		assertThat(take(ME, 1, 0, 3).of(ME).orElseThrow().slots()).isEqualTo(3);
		assertThat(take(ME + 1, 1, 0, 3).of(ME + 1).orElseThrow().slots()).isEqualTo(1);
		assertThat(take(ME + 2, 1, 0, 3).taken()).isEqualTo(4);
		FleetQueue read = fleet().read(Set.of("default")).get(0);
		assertThat(read.taken()).isEqualTo(4);
		assertThat(read.limit()).isEqualTo(4);
		assertThat(read.of(ME + 2).orElseThrow().wanted()).isEqualTo(3);
	}

	@Test
	default void nobodyWaitsForSomebodyWhoDividesTheSlotsForLong() {
		take(ME, 1, 0, 1);
		fixture().transaction.executeWithoutResult((status) -> {
			fixture()
				.sql("select worker from background_job_fleet_slots where name = 'default' and worker = 0 for update")
				.query(Long.class)
				.single();
			Threads.inOther(() -> assertThat(fleet().take(new FleetWish("default", ME, 2, 0, 3, 4))).isEmpty());
		});
		assertThat(slots(ME)).isEqualTo(1);
		assertThat(take(ME, 3, 0, 3).taken()).isEqualTo(3);
	}

	@Test
	default void whatAnOperatorSetsHoldsAtOnce() {
		fixture().stores.operationsStore().setFleetConcurrency("default", 2);
		assertThat(take(ME, 1, 0, 4).of(ME).orElseThrow().slots()).isEqualTo(2);
		assertThat(fixture().stores.claimStore().concurrencyLimits().fleet()).containsExactly("default");
		assertThat(fixture().stores.claimStore().look(QueueScope.of(Set.of("default"))).limits().fleet())
			.containsExactly("default");
		fixture().stores.operationsStore().setFleetConcurrency("default", 6);
		assertThat(take(ME, 2, 0, 9).of(ME).orElseThrow().slots()).isEqualTo(6);
		assertThat(fixture().stores.operationsStore().resetFleetConcurrency("default")).isTrue();
		assertThat(fixture().stores.operationsStore().resetFleetConcurrency("default")).isFalse();
		assertThat(take(ME, 3, 5, 9).of(ME).orElseThrow().slots()).isEqualTo(5);
	}

	@Test
	default void anOlderQuestionThatArrivesLateChangesNothing() {
		take(ME, 2, 3, 3);
		assertThat(take(ME, 1, 0, 0).of(ME).orElseThrow().slots()).isEqualTo(3);
		assertThat(slots(ME)).isEqualTo(3);
	}

	@Test
	default void aClaimBringsNoMoreJobsThanTheWorkerHasSlots() {
		fixture().enqueue(10, "mail", "default");
		take(ME, 1, 0, 3);
		assertThat(claim(ME, 1, 10, 0)).hasSize(3);
		assertThat(claim(ME, 2, 10, 3)).isEmpty();
		assertThat(claim(ME, 3, 10, 2)).hasSize(1);
		assertThat(claim(ME + 1, 1, 10, 0)).isEmpty();
	}

	@Test
	default void recoveryFreesTheSlotsWithTheLastJob() {
		fixture().register(ME);
		fixture().enqueue(3, "mail", "default");
		take(ME, 1, 0, 3);
		assertThat(claim(ME, 1, 10, 0)).hasSize(3);
		fixture().expire(ME);
		fixture().stores.maintenanceStore().recover(0, LEASE, 3, 2, (name) -> false);
		assertThat(slots(ME)).isEqualTo(3);
		fixture().stores.maintenanceStore().recover(0, LEASE, 3, 2, (name) -> false);
		assertThat(slots(ME)).isZero();
		assertThat(claim(ME, 2, 10, 0)).as("a claim of the dead worker that arrives late").isEmpty();
		assertThat(take(ME + 1, 1, 0, 4).of(ME + 1).orElseThrow().slots()).isEqualTo(4);
	}

	@Test
	default void aWorkerThatDeregistersLeavesNoSlots() {
		fixture().register(ME);
		take(ME, 1, 0, 3);
		fixture().stores.workerStore().deregister(ME);
		assertThat(slots(ME)).isZero();
		assertThat(fixture().count("worker")).isZero();
	}

	@Test
	default void slotsMoveToAnotherIdentityButForThoseOfJobs() {
		fixture().enqueue(3, "mail", "default");
		take(ME, 1, 0, 3);
		claim(ME, 1, 2, 0);
		fleet().move("default", ME, ME + 1, 2);
		fleet().move("default", ME, ME + 1, 2);
		assertThat(slots(ME)).isEqualTo(2);
		assertThat(slots(ME + 1)).isEqualTo(1);
		assertThat(claim(ME, 2, 1, 2)).as("a claim of the earlier identity that was on its way").isEmpty();
		fleet().move("default", ME, ME + 1, 0);
		assertThat(slots(ME + 1)).isEqualTo(3);
	}

	@Test
	default void slotsOfWorkersThatNobodyKnowsAreFreed() {
		fixture().register(ME);
		take(ME, 1, 0, 1);
		take(ME + 1, 1, 0, 1);
		take(ME + 2, 1, 0, 2);
		fixture().enqueue(1, "mail", "default");
		assertThat(claim(ME + 2, 1, 1, 0)).hasSize(1);
		assertThat(fleet().freeUnknown()).isEqualTo(1);
		assertThat(slots(ME)).isEqualTo(1);
		assertThat(slots(ME + 1)).isZero();
		assertThat(slots(ME + 2)).as("those of a job that is there").isEqualTo(2);
		assertThat(fleet().freeUnknown()).isZero();
	}

	@Test
	default void whatIsNotBoundedAnyMoreIsForgotten() {
		take(ME, 1, 0, 1);
		fleet().leave(List.of("default"), ME);
		assertThat(fleet().read(Set.of("default")).get(0).shares()).isEmpty();
	}

	@Test
	default void manyWorkersNeverHoldMoreThanThereAreSlots() throws Exception {
		fixture().enqueue(300, "mail", "default");
		AtomicInteger done = new AtomicInteger();
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CountDownLatch start = new CountDownLatch(1);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Future<?>> workers = IntStream.range(0, 8).<Future<?>>mapToObj((number) -> threads.submit(() -> {
				start.await();
				runWorker(ME + number, done, running, most);
				return null;
			})).toList();
			start.countDown();
			for (Future<?> worker : workers) {
				worker.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(done).hasValue(300);
		assertThat(most.get()).isBetween(1, 4);
		assertThat(fixture().count("job")).isZero();
	}

	private void runWorker(long worker, AtomicInteger done, AtomicInteger running, AtomicInteger most) {
		for (long turn = 1; done.get() < 300; turn++) {
			int wanted = ThreadLocalRandom.current().nextInt(4);
			fleet().take(new FleetWish("default", worker, turn, 0, wanted, 4))
				.ifPresent((queue) -> most.accumulateAndGet(queue.taken(), Math::max));
			// Asks for more than it has: the claim itself has to see to it.
			List<ClaimedJob> jobs = claim(worker, turn, 10, 0);
			most.accumulateAndGet(running.addAndGet(jobs.size()), Math::max);
			jobs.forEach((job) -> {
				running.decrementAndGet();
				Settled settled = Settled.LOCKED;
				while (settled == Settled.LOCKED) {
					settled = fixture().settle(job, new JobOutcome.Succeeded());
				}
				done.incrementAndGet();
			});
		}
	}

}
