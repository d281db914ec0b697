package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.jobstarter.JobOutcome;
import io.jobstarter.QueueLoad;
import io.jobstarter.SettledCounts;
import io.jobstarter.WorkerInfo;
import io.jobstarter.WorkerReport;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.store.WorkerStore.Renewal;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class NodeReportTests {

	private static final Duration LEASE = Duration.ofSeconds(30);

	private final TestDatabase database = TestDatabase.h2();

	private final WorkerSettings settings = new WorkerSettings(LEASE, LEASE.dividedBy(5), LEASE, LEASE,
			Map.of("*", new QueueSettings(8, 1)), QueueOrder.WEIGHTED, null, LEASE, true);

	private final NodeReport report = report();

	private NodeReport report() {
		Prefetch prefetch = new Prefetch();
		Slots slots = new Slots(this.settings, prefetch, FleetLimits.NONE);
		RunningJobs running = new RunningJobs();
		Settler settler = new Settler(this.database.stores().claimStore(), this.settings, new SafeEvents((event) -> {
		}), slots, (job, outcome) -> {
		});
		Dispatcher dispatcher = new Dispatcher(new HandlerRegistry(List.of()), Runnable::run, null, running, slots,
				prefetch, settler, this.settings);
		return new NodeReport(this.settings, Set.of("task"), "shop 1.2", slots, dispatcher, running);
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	private void settle(String queue, int count) {
		for (int i = 0; i < count; i++) {
			this.report.settled(queue, new JobOutcome.Succeeded());
		}
	}

	private int written(WorkerReport report) {
		WorkerIdentity identity = WorkerIdentity.draw(LEASE);
		this.database.stores().workerStore().register(this.report.row(identity), LEASE);
		this.database.stores().workerStore().renew(identity.id(), LEASE, LEASE.dividedBy(5), report);
		assertThat(this.database.stores().operationsStore().workers()).singleElement()
			.satisfies((worker) -> assertThat(worker.report()).isEqualTo(report));
		return Objects.requireNonNull(new JdbcTemplate(this.database.application())
			.queryForObject("select length(report) from background_job_worker", Integer.class));
	}

	@Test
	void isShortWhileThereIsNothingToDo() {
		WorkerReport report = withRoundWindow(this.report.report(false));
		assertThat(report.queues()).isEmpty();
		assertThat(written(report)).isLessThan(40);
	}

	@Test
	void isShortHoweverManyQueuesThereAre() {
		settle("the-busiest", 3);
		for (int i = 0; i < 300; i++) {
			settle("tenant-" + i + "x".repeat(90), 1);
		}
		WorkerReport report = withRoundWindow(this.report.report(false));
		assertThat(report.queues()).first().extracting(QueueLoad::queue).isEqualTo("the-busiest");
		assertThat(report.queues()).hasSizeLessThanOrEqualTo(WorkerReport.MAX_QUEUES);
		long named = report.queues().stream().mapToLong((load) -> load.settled().total()).sum();
		assertThat(Objects.requireNonNull(report.others()).settled().total() + named).isEqualTo(303);
		assertThat(written(report)).isLessThan(2_500);
	}

	@Test
	void namesAtMostFiftyQueues() {
		for (int i = 0; i < 51; i++) {
			settle("q" + i, 1);
		}
		assertThat(this.report.report(false).queues()).hasSizeBetween(35, WorkerReport.MAX_QUEUES);
	}

	@Test
	void costsNoLeaseIfItCannotBeMade() {
		NodeReport broken = new NodeReport(this.settings, Set.of("task"), null,
				new Slots(this.settings, new Prefetch(), FleetLimits.NONE), null, new RunningJobs());
		WorkerSettings eager = new WorkerSettings(LEASE, Duration.ZERO, LEASE, LEASE, this.settings.queues(),
				QueueOrder.WEIGHTED, null, LEASE, true);
		Heartbeat heartbeat = new Heartbeat(this.database.stores().workerStore(), this.database.stores().claimStore(),
				new RunningJobs(), eager, broken, () -> {
				});
		heartbeat.beat();
		WorkerInfo registered = worker();
		heartbeat.beat();
		assertThat(worker().lastSeenAt()).isAfter(registered.lastSeenAt());
		assertThat(worker().report()).isNull();
	}

	private WorkerInfo worker() {
		return this.database.stores().operationsStore().workers().get(0);
	}

	@Test
	void isNotWrittenIfItIsLongerThanItCanBe() {
		QueueLoad load = new QueueLoad("q".repeat(9_000), 1, 0, List.of(), Duration.ZERO, SettledCounts.NONE);
		WorkerIdentity identity = WorkerIdentity.draw(LEASE);
		this.database.stores().workerStore().register(this.report.row(identity), LEASE);
		assertThat(this.database.stores()
			.workerStore()
			.renew(identity.id(), LEASE, LEASE,
					new WorkerReport(1, 0, 0, false, false, SettledCounts.NONE, Duration.ZERO, List.of(load), null)))
			.isEqualTo(Renewal.RENEWED);
		assertThat(worker().report()).isNull();
	}

	@Test
	void saysWhatItServes() {
		assertThat(Objects.requireNonNull(this.report.row(WorkerIdentity.draw(LEASE)).declaration()).serves("any"))
			.isTrue();
		assertThat(this.report.report(true).stopping()).isTrue();
		assertThat(NodeReport.retired().stopping()).isTrue();
		assertThat(this.report.report(false).settled()).isEqualTo(SettledCounts.NONE);
	}

	// Only milliseconds are written.
	private static WorkerReport withRoundWindow(WorkerReport report) {
		return new WorkerReport(report.slots(), report.slotsUsed(), report.stuck(), report.stopping(),
				report.reserved(), report.settled(), Duration.ofMillis(report.window().toMillis()), report.queues(),
				report.others());
	}

}
