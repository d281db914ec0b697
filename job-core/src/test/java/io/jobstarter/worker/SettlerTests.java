package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.jobstarter.DueTime;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.ClaimRequest.QueueDemand;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class SettlerTests {

	private static final Duration LEASE = Duration.ofSeconds(30);

	private static final Map<String, QueueSettings> QUEUES = Map.of("default", new QueueSettings(5, 1));

	private final TestDatabase database = TestDatabase.h2();

	private final List<JobEvent> events = new CopyOnWriteArrayList<>();

	private final WorkerSettings settings = new WorkerSettings(LEASE, LEASE.dividedBy(5), Duration.ofSeconds(1), LEASE,
			QUEUES, QueueOrder.STRICT, 5, LEASE, true);

	private final Slots slots = new Slots(this.settings, new Prefetch(), FleetLimits.NONE);

	private final ClaimStore store = this.database.stores().claimStore();

	private final Settler settler = new Settler(this.store, this.settings,
			new SafeEvents((event) -> this.events.add((JobEvent) event)), this.slots, (job, outcome) -> {
			});

	private TestNode node;

	private JobDefinition definition;

	record Task(int number) {
	}

	@BeforeEach
	void createClient() {
		this.node = TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
		}).build();
		this.definition = new JobDefinition("task", Set.of(), "test", Task.class, "default", 0, null, false, true,
				List.of(), List.of(), (payload, attempt) -> {
				});
	}

	@AfterEach
	void close() {
		this.settler.loop().requestStop();
		this.settler.loop().awaitStop(LEASE);
		this.node.close();
		this.database.close();
	}

	@Test
	void tellsAnOlderBodyFromTheClaimThatWasMadeAfterIt() {
		JobId id = this.node.client().enqueue(new Task(1)).id();
		RunningJob older = claim(1, false).get(0);
		this.store.release(1, 1);
		RunningJob newer = claim(2, true).get(0);
		this.settler.settle(older, new JobOutcome.Succeeded());
		this.settler.settle(newer, new JobOutcome.Snoozed(new DueTime.In(LEASE)));
		this.settler.loop().start();
		await().until(() -> this.events.size() == 2);
		assertThat(this.events.get(0)).isInstanceOf(JobEvent.LeaseLost.class);
		assertThat(this.events.get(1)).isInstanceOfSatisfying(JobEvent.Settled.class,
				(event) -> assertThat(event.outcome()).isInstanceOf(JobOutcome.Snoozed.class));
		assertThat(this.node.operations().find(id)).get().extracting(JobInfo::state).isEqualTo(JobState.SCHEDULED);
		assertThat(this.slots.held()).isZero();
	}

	@Test
	void settlesWhatStandsBehindAnOutcomeThatCannotBeStored() {
		List<JobId> ids = IntStream.range(0, 5)
			.mapToObj((number) -> this.node.client().enqueue(new Task(number)).id())
			.toList();
		this.node.jdbc()
			.execute("alter table background_job_failure add constraint refused check (job_id <> " + ids.get(0).value()
					+ ")");
		List<RunningJob> jobs = claim(1, false);
		this.settler.settle(jobs.get(0),
				new JobOutcome.Retried(new JobFailure("some.Error", "message", "stack"), LEASE, null));
		jobs.stream().skip(1).forEach((job) -> this.settler.settle(job, new JobOutcome.Succeeded()));
		this.settler.loop().start();
		await().until(() -> this.events.size() == 4);
		assertThat(this.slots.held()).isEqualTo(1);
		this.node.jdbc().execute("alter table background_job_failure drop constraint refused");
		await().until(() -> this.slots.held() == 0);
	}

	private List<RunningJob> claim(long worker, boolean front) {
		LaneStart start = new LaneStart(new Lane("default", 0, front), 0);
		List<ClaimedJob> claimed = this.store.claim(
				new ClaimRequest(worker, 1, Set.of("task"), List.of(new QueueDemand("default", 5, List.of(start))), 5));
		WorkerIdentity identity = WorkerIdentity.draw(LEASE);
		claimed.forEach((job) -> this.slots.take("default"));
		return claimed.stream()
			.map((job) -> new RunningJob(job, identity, identity.tenure(), this.definition))
			.toList();
	}

}
