package io.jobstarter.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.KeyTerms;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.ClaimedJob.Fence;
import io.jobstarter.store.Lane;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PollerTests {

	private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

	private static final Duration LEASE = Duration.ofSeconds(30);

	private final TestDatabase database = TestDatabase.h2();

	private final RunningJobs running = new RunningJobs();

	private Dispatcher dispatcher;

	@AfterEach
	void close() {
		this.database.close();
	}

	record Task(int number) {
	}

	@Test
	void looksAgainAfterAPollIntervalHoweverLongTheLastSweepTook() {
		try (TestNode node = TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
		}).build()) {
			node.client().enqueue(new Task(1));
		}
		WorkerSettings settings = new WorkerSettings(LEASE, LEASE.dividedBy(5), POLL_INTERVAL, LEASE,
				Map.of("default", new QueueSettings(5, 1)), QueueOrder.STRICT, 5, LEASE, true);
		Poller poller = poller(settings);
		assertThat(poller.poll()).isLessThanOrEqualTo(POLL_INTERVAL);
		assertThat(poller.poll()).isLessThanOrEqualTo(POLL_INTERVAL);
	}

	@Test
	void waitsForTheBodiesBesideASuspectAlsoWhereSharesHaveReceivedJobs() {
		Poller poller = poller(new WorkerSettings(LEASE, LEASE.dividedBy(5), POLL_INTERVAL, LEASE,
				Map.of("default", new QueueSettings(5, 1)), QueueOrder.STRICT, 5, LEASE, true));
		poller.ready(new Lane("default", 0, false, 1));
		this.running.add(job(1));
		this.dispatcher.quarantine().enter(List.of(job(2)));
		assertThat(poller.poll()).isPositive();
	}

	private static RunningJob job(long id) {
		ClaimedJob claimed = new ClaimedJob(id, new Fence(1, 1), new Lane("default", 0, false), id, "task", "", 0, 2,
				null, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Map.of(), List.of());
		return new RunningJob(claimed, WorkerIdentity.draw(LEASE), 0, new JobDefinition("task", Set.of(), "test",
				String.class, "default", 0, null, false, true, List.of(), List.of(), (payload, attempt) -> {
				}));
	}

	private Poller poller(WorkerSettings settings) {
		FaultyClaimStore slow = new FaultyClaimStore(this.database.stores().claimStore()) {

			@Override
			public List<ClaimedJob> claim(ClaimRequest request) {
				long start = System.nanoTime();
				while (System.nanoTime() - start < Duration.ofMillis(200).toNanos()) {
					Thread.onSpinWait();
				}
				return List.of();
			}

		};
		Prefetch prefetch = new Prefetch();
		Slots slots = new Slots(settings, prefetch, FleetLimits.NONE);
		SafeEvents events = new SafeEvents((event) -> {
		});
		Settler settler = new Settler(slow, settings, events, slots, (job, outcome) -> {
		});
		HandlerRegistry registry = new HandlerRegistry(List.of());
		this.dispatcher = new Dispatcher(registry, Runnable::run, null, this.running, slots, prefetch, settler,
				settings);
		NodeReport report = new NodeReport(settings, Set.of("other"), null, slots, this.dispatcher, this.running);
		Heartbeat heartbeat = new Heartbeat(this.database.stores().workerStore(), slow, this.running, settings, report,
				() -> {
				});
		heartbeat.beat();
		return new Poller(slow, Set.of("other"), KeyTerms.NONE, settings, heartbeat, slots, this.dispatcher,
				TestCircuits.none(this.database.stores()), QueueRates.NONE,
				new FleetSlots(this.database.stores().fleetStore(), settings, System::nanoTime));
	}

}
