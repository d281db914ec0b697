package io.jobstarter.faults.kill;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

import io.jobstarter.JobFilter;
import io.jobstarter.JobState;
import io.jobstarter.WorkerInfo;
import io.jobstarter.faults.Jobs.Effect;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.oracle.Evidence;
import io.jobstarter.faults.oracle.Evidence.Start;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes as real processes, killed and stopped while they work.
 */
@Execution(ExecutionMode.CONCURRENT)
class FleetTests {

	/** As in application.yml. */
	private static final Duration LEASE = Duration.ofSeconds(4);

	private static final int SLOTS = 8;

	/** How many jobs of 40 ms a node claims ahead at most: what it does in 50 ms. */
	private static final int AHEAD = SLOTS * 50 / 40;

	private FleetDatabase database;

	private Fleet fleet;

	@AfterEach
	void close() {
		this.fleet.close();
		this.database.close();
	}

	@Test
	void aKilledNodeLosesNothingAndItsJobsRunAgainWithinLeaseAndFiveSeconds() {
		use(FleetServer.POSTGRESQL);
		this.fleet.start(2);
		NodeProcess doomed = this.fleet.all().get(0);
		this.database.client().enqueueAll(IntStream.range(0, 600).mapToObj((i) -> Effect.taking(i, 40)).toList());
		this.database.client().enqueueAll(IntStream.range(600, 1_200).mapToObj((i) -> Work.taking(i, 40)).toList());
		await().until(() -> this.database.count("ledger where pid = " + doomed.pid()) > 100);
		doomed.kill();
		Instant killed = this.database.now();
		awaitAllDone();
		assertThat(this.database.started()).containsExactlyElementsOf(IntStream.range(0, 1_200).boxed().toList());
		assertThat(this.database.effects()).containsExactlyElementsOf(IntStream.range(0, 600).boxed().toList());
		assertThat(this.database.count("ledger") - 1_200).as("bodies started twice").isBetween(0, SLOTS);
		assertThat(this.database.count("background_job_history where crashes > 0")).isBetween(1, SLOTS + AHEAD);
		assertThat(this.database.count("background_job_history where attempts > 0")).isZero();
		assertThat(this.database.count("background_job_dead_letter")).isZero();
		assertThat(longestUntilRunAgain(doomed, killed)).isLessThan(LEASE.plusSeconds(5));
	}

	@Test
	void aTerminatedNodeLosesNothingAndUsesUpNoAttempt() {
		use(FleetServer.POSTGRESQL);
		NodeProcess node = this.fleet.start();
		this.database.client().enqueueAll(IntStream.range(0, 4).mapToObj((i) -> Work.taking(i, 60_000)).toList());
		this.database.client().enqueueAll(IntStream.range(4, 6).mapToObj((i) -> Work.taking(i, 1_000)).toList());
		this.database.client().enqueueAll(IntStream.range(6, 8).mapToObj((i) -> Effect.taking(i, 60_000)).toList());
		await().until(() -> this.database.count("ledger") == 8);
		node.terminate();
		assertThat(this.database.operations().find(JobFilter.in(JobState.SUCCEEDED), null, 10).items()).hasSize(2);
		assertThat(this.database.operations().find(JobFilter.in(JobState.READY), null, 10).items()).hasSize(6)
			.allSatisfy((job) -> {
				assertThat(job.attempts()).isZero();
				assertThat(job.crashes()).isZero();
			});
		assertThat(this.database.effects()).isEmpty();
		assertThat(this.database.operations().workers()).isEmpty();
		assertThat(node.log()).doesNotContain("has been closed").doesNotContain("ERROR");
	}

	@Test
	void jobsOfTheOnlyNodeRunAgainOnTheNextOneThatStarts() {
		use(FleetServer.POSTGRESQL);
		NodeProcess only = this.fleet.start();
		this.database.client().enqueueAll(IntStream.range(0, 4).mapToObj((i) -> Work.taking(i, 600_000)).toList());
		await().until(() -> this.database.count("ledger") == 4);
		only.kill();
		this.database.jdbc().update("update background_job_job set payload = replace(payload, '600000', '1')");
		this.fleet.start();
		awaitAllDone();
		assertThat(this.database.count("ledger")).isEqualTo(8);
		assertThat(this.database.count("background_job_history where crashes = 1")).isEqualTo(4);
	}

	private void use(FleetServer server) {
		this.database = FleetDatabase.create(server);
		this.fleet = new Fleet(this.database, List.of());
	}

	private Duration longestUntilRunAgain(NodeProcess doomed, Instant killed) {
		List<Start> starts = Evidence.read(this.database.jdbc()).starts();
		List<Integer> ofDoomed = starts.stream()
			.filter((start) -> start.pid() == doomed.pid())
			.map(Start::number)
			.toList();
		return starts.stream()
			.filter((start) -> start.pid() != doomed.pid() && ofDoomed.contains(start.number()))
			.map((start) -> Duration.between(killed, start.at()))
			.max(Comparator.naturalOrder())
			.orElse(Duration.ZERO);
	}

	private void awaitAllDone() {
		await().until(() -> this.database.count("background_job_job") == 0);
		assertThat(this.database.operations().workers()).extracting(WorkerInfo::dead).doesNotContain(true);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(100));
	}

}
