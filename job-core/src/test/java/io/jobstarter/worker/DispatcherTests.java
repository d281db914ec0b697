package io.jobstarter.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.ClaimedJob.Fence;
import io.jobstarter.store.Lane;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DispatcherTests {

	private static final Duration LEASE = Duration.ofSeconds(30);

	private final TestDatabase database = TestDatabase.h2();

	private final WorkerSettings settings = new WorkerSettings(LEASE, LEASE.dividedBy(5), LEASE, LEASE,
			Map.of("a", new QueueSettings(2, 1)), QueueOrder.STRICT, null, LEASE, true);

	private final WorkerIdentity identity = WorkerIdentity.draw(LEASE);

	private final Slots slots = new Slots(this.settings, new Prefetch(), FleetLimits.NONE);

	private final RunningJobs running = new RunningJobs();

	private final Deque<Runnable> threads = new ArrayDeque<>();

	private final AtomicBoolean rejecting = new AtomicBoolean();

	private final Dispatcher dispatcher = dispatcher();

	private Dispatcher dispatcher() {
		HandlerRegistry registry = new HandlerRegistry(List.of(new JobDefinition("task", Set.of(), "test", String.class,
				"a", 0, null, false, true, List.of(), List.of(), (payload, attempt) -> {
				})));
		Settler settler = new Settler(this.database.stores().claimStore(), this.settings, new SafeEvents((event) -> {
		}), this.slots, (job, outcome) -> {
		});
		return new Dispatcher(registry, this::execute, null, this.running, this.slots, new Prefetch(), settler,
				this.settings);
	}

	private void execute(Runnable body) {
		if (this.rejecting.get()) {
			throw new RejectedExecutionException("full");
		}
		this.threads.add(body);
	}

	private void dispatch(int jobs) {
		this.identity.renewed(System.nanoTime());
		this.dispatcher.dispatch(LongStream.range(0, jobs).mapToObj(this::job).toList(), this.identity,
				this.identity.tenure());
	}

	private ClaimedJob job(long id) {
		return new ClaimedJob(id, new Fence(1, 1), new Lane("a", 0, false), id, "task", "", 0, 0, null, Instant.EPOCH,
				Instant.EPOCH, Instant.EPOCH, Map.of(), List.of());
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void letsAThreadStartTheNextOne() {
		dispatch(5);
		assertThat(this.threads).hasSize(1);
		assertThat(this.dispatcher.waitingByQueue()).isEqualTo(Map.of("a", 4));
		this.dispatcher.startNext();
		this.dispatcher.startNext();
		assertThat(this.threads).hasSize(2);
		assertThat(this.dispatcher.waitingByQueue()).isEqualTo(Map.of("a", 3));
	}

	@Test
	void givesBackAtOnceWhatHasNotStartedWhenItRefuses() {
		dispatch(5);
		this.dispatcher.refuse();
		assertThat(this.dispatcher.waitingByQueue()).isEmpty();
		assertThat(this.running.size()).isEqualTo(1);
		this.threads.remove().run();
		assertThat(this.running.size()).isZero();
		dispatch(3);
		assertThat(this.dispatcher.waitingByQueue()).isEmpty();
		assertThat(this.threads).isEmpty();
	}

	@Test
	void startsTheNextAlthoughThereWasNoThreadForOne() {
		this.rejecting.set(true);
		dispatch(3);
		assertThat(this.dispatcher.waitingByQueue()).isEqualTo(Map.of("a", 2));
		assertThat(this.running.size()).isEqualTo(2);
		this.rejecting.set(false);
		this.dispatcher.startNext();
		this.dispatcher.startNext();
		assertThat(this.threads).hasSize(2);
		assertThat(this.dispatcher.waitingByQueue()).isEmpty();
	}

	@Test
	void startsNothingThatWasClaimedBeforeTheDatabaseForgotTheWorker() {
		dispatch(5);
		this.identity.forgotten();
		this.threads.remove().run();
		assertThat(this.dispatcher.waitingByQueue()).isEmpty();
		assertThat(this.threads).isNotEmpty();
		this.threads.forEach(Runnable::run);
		assertThat(this.running.size()).isZero();
	}

}
