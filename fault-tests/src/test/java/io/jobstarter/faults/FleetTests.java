package io.jobstarter.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.JobFilter;
import io.jobstarter.JobState;
import io.jobstarter.WorkerInfo;
import io.jobstarter.faults.Jobs.Effect;
import io.jobstarter.faults.Jobs.Poison;
import io.jobstarter.faults.Jobs.Work;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes as real processes on PostgreSQL, killed and stopped while they work.
 */
class FleetTests {

	/** As in application.yml. */
	private static final Duration LEASE = Duration.ofSeconds(4);

	private static final int SLOTS = 8;

	private final List<NodeProcess> nodes = new ArrayList<>();

	private FleetDatabase database;

	@BeforeEach
	void createDatabase() {
		this.database = FleetDatabase.create();
	}

	@AfterEach
	void close() {
		this.nodes.forEach(NodeProcess::close);
		this.database.close();
	}

	@Test
	void aKilledNodeLosesNothingAndItsJobsRunAgainWithinLeaseAndFiveSeconds() {
		NodeProcess doomed = startNode();
		startNode();
		await().until(() -> this.database.operations().workers().size() == 2);
		this.database.client().enqueueAll(IntStream.range(0, 600).mapToObj((i) -> new Effect(i, 40)).toList());
		this.database.client().enqueueAll(IntStream.range(600, 1_200).mapToObj((i) -> new Work(i, 40)).toList());
		await().until(() -> this.database.count("ledger where pid = " + doomed.pid()) > 100);
		doomed.kill();
		Instant killed = this.database.now();
		awaitAllDone();
		assertThat(this.database.started()).containsExactlyElementsOf(IntStream.range(0, 1_200).boxed().toList());
		assertThat(this.database.effects()).containsExactlyElementsOf(IntStream.range(0, 600).boxed().toList());
		assertThat(this.database.count("ledger") - 1_200).as("bodies started twice").isBetween(0, SLOTS);
		assertThat(this.database.count("background_job_history where crashes > 0")).isBetween(1, SLOTS);
		assertThat(this.database.count("background_job_history where attempts > 0")).isZero();
		assertThat(this.database.count("background_job_dead_letter")).isZero();
		assertThat(this.database.longestUntilRunAgain(doomed.pid(), killed)).isLessThan(LEASE.plusSeconds(5));
	}

	@Test
	void aTerminatedNodeLosesNothingAndUsesUpNoAttempt() {
		NodeProcess node = startNode();
		this.database.client().enqueueAll(IntStream.range(0, 4).mapToObj((i) -> new Work(i, 60_000)).toList());
		this.database.client().enqueueAll(IntStream.range(4, 6).mapToObj((i) -> new Work(i, 1_000)).toList());
		this.database.client().enqueueAll(IntStream.range(6, 8).mapToObj((i) -> new Effect(i, 60_000)).toList());
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
		NodeProcess only = startNode();
		this.database.client().enqueueAll(IntStream.range(0, 4).mapToObj((i) -> new Work(i, 600_000)).toList());
		await().until(() -> this.database.count("ledger") == 4);
		only.kill();
		this.database.jdbc().update("update background_job_job set payload = replace(payload, '600000', '1')");
		startNode();
		awaitAllDone();
		assertThat(this.database.count("ledger")).isEqualTo(8);
		assertThat(this.database.count("background_job_history where crashes = 1")).isEqualTo(4);
	}

	@Test
	void aJobThatKillsItsProcessDiesAndTakesNoNeighbourAlong() {
		this.database.client().enqueueAll(IntStream.range(0, 100).mapToObj((i) -> new Work(i, 20)).toList());
		this.database.client().enqueue(new Poison(100));
		this.database.client().enqueueAll(IntStream.range(101, 201).mapToObj((i) -> new Work(i, 20)).toList());
		NodeProcess[] node = { startNode() };
		await().until(() -> {
			if (!node[0].isAlive()) {
				node[0] = startNode();
			}
			return this.database.count("background_job_job") == 0;
		});
		assertThat(this.database.started()).hasSize(201);
		assertThat(this.database.count("ledger where number = 100")).isEqualTo(3);
		assertThat(this.database.operations().deadLetters(DeadLetterFilter.ALL, null, 10).items()).singleElement()
			.satisfies((letter) -> {
				assertThat(letter.name()).isEqualTo("poison");
				assertThat(letter.reason()).isEqualTo(DeadReason.CRASH);
			});
		assertThat(this.database.count("background_job_history where state = 'SUCCEEDED'")).isEqualTo(200);
	}

	private NodeProcess startNode() {
		NodeProcess node = NodeProcess.start(this.database);
		this.nodes.add(node);
		return node;
	}

	private void awaitAllDone() {
		await().until(() -> this.database.count("background_job_job") == 0);
		assertThat(this.database.operations().workers()).extracting(WorkerInfo::dead).doesNotContain(true);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(100));
	}

}
