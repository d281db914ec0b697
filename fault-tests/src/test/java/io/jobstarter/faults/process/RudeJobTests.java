package io.jobstarter.faults.process;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.jobstarter.faults.Jobs.Effect;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.RudeJobs.Deaf;
import io.jobstarter.faults.RudeJobs.Rude;
import io.jobstarter.faults.RudeJobs.Way;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jobs that fail by errors of the JVM, and jobs that do not hear that they are to end.
 */
@Execution(ExecutionMode.CONCURRENT)
class RudeJobTests {

	private static final int DEAF = 1_000;

	private static final int SLOTS = 4;

	private final Form form = Form.current();

	private final FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);

	private final Fleet fleet = new Fleet(this.database, Stream
		.concat(this.form.settings().stream(), Stream.of("--background-jobs.worker.shutdown-timeout=1s",
				"--background-jobs.queues.default.concurrency=" + SLOTS))
		.toList());

	private int jobs;

	@AfterEach
	void close() {
		this.fleet.close();
		this.database.close();
	}

	@Test
	void errorsOfTheJvmAreFailedAttemptsAndTheNodeGoesOn() {
		NodeProcess node = this.fleet.start(NodeOptions.NONE.withJvm("-Xmx128m"));
		this.fleet.awaitAtWork(1);
		long worker = Form.workers(this.database).iterator().next();
		this.database.client().enqueueAll(IntStream.range(0, 50).mapToObj((i) -> Work.taking(i, 20)).toList());
		this.database.client().enqueueAll(IntStream.range(50, 100).mapToObj((i) -> Effect.taking(i, 20)).toList());
		List<Rude> rude = Stream.of(Way.values())
			.flatMap((way) -> Stream.of(0, 1).map((round) -> new Rude(200 + 10 * way.ordinal() + round, way)))
			.toList();
		this.database.client().enqueueAll(rude);
		Form.await().until(() -> this.database.count("background_job_job") == 0);
		assertThat(this.database.count("background_job_history where state = 'SUCCEEDED'"))
			.isEqualTo(100 + rude.size());
		assertThat(this.database.count("background_job_history where name = 'rude' and attempts = 0")).isZero();
		assertThat(errors()).contains("java.lang.OutOfMemoryError", "java.lang.StackOverflowError",
				"java.lang.ExceptionInInitializerError", "java.lang.Exception");
		assertThat(this.database.effects()).hasSize(50).doesNotHaveDuplicates();
		assertThat(this.database.count("background_job_history where crashes > 0")).isZero();
		assertThat(Form.workers(this.database)).as("the lease that it had before").containsExactly(worker);
		awaitAllSlotsWork(node, SLOTS);
		Form.await().until(() -> node.health().startsWith("UP "));
	}

	@Test
	void oneThatDoesNotHearKeepsItsSlotAndRunsNowhereElseUntilItsNodeIsGone() {
		Duration slowEnd = this.form.lease().multipliedBy(2);
		NodeProcess first = this.fleet.start(NodeOptions.NONE.with("--node.slow-end=" + slowEnd.toMillis() + "ms"));
		this.fleet.awaitAtWork(1);
		this.database.client().enqueue(new Deaf(DEAF, 600_000));
		this.database.client().enqueue(new Deaf(DEAF + 1, 9_000));
		Form.await().until(() -> this.database.count("ledger") == 2);
		// It takes as long as the shorter body.
		NodeProcess second = this.fleet.start();
		Form.await().until(() -> first.health().contains("stuck=2"));
		Form.await().until(() -> reportsStuck(2));
		awaitAllSlotsWork(first, SLOTS - 2);
		// One that returns all the same has succeeded.
		Form.await().until(() -> first.health().contains("stuck=1"));
		Form.await()
			.until(() -> this.database.count("background_job_history where name = 'deaf' and attempts = 0") == 1);
		this.fleet.awaitAtWork(2);
		long before = System.nanoTime();
		first.terminate();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).as("drain of 1 s, grace of 3 s")
			.isLessThan(slowEnd.plusSeconds(30));
		assertThat(Form.starts(this.database, DEAF, second))
			.as("while its node lived, which took longer than a lease to stop")
			.isZero();
		Form.await(this.form.orphanLimit()).until(() -> Form.starts(this.database, DEAF, second) == 1);
		assertThat(this.database.count("ledger where number = " + DEAF)).isEqualTo(2);
		assertThat(this.database.count("ledger where number = " + (DEAF + 1))).isOne();
		assertThat(this.database.count("background_job_job where crashes > 0 or attempt > 0")).isZero();
	}

	private boolean reportsStuck(int bodies) {
		return this.database.operations()
			.workers()
			.stream()
			.anyMatch((worker) -> worker.report() != null && worker.report().stuck() == bodies);
	}

	// As many at the same time as there are slots, on that node.
	private void awaitAllSlotsWork(NodeProcess node, int slots) {
		Form.await().until(() -> {
			int first = 10_000 + this.jobs;
			this.jobs += 2 * SLOTS;
			this.database.client()
				.enqueueAll(IntStream.range(first, first + 2 * SLOTS).mapToObj((i) -> Work.taking(i, 300)).toList());
			Form.await().until(() -> this.database.count("background_job_job where name = 'work'") == 0);
			return this.database
				.count("ledger where number >= " + first + " and node = '" + node.name() + "'") >= slots;
		});
	}

	private List<String> errors() {
		return this.database.jdbc()
			.queryForList("select distinct error_class from background_job_failure", String.class);
	}

}
