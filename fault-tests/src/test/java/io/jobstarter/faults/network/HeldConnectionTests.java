package io.jobstarter.faults.network;

import java.time.Duration;
import java.time.Instant;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.NetworkJobs.Hog;
import io.jobstarter.faults.NetworkJobs.Quiet;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What nodes hold of the database while handlers run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeldConnectionTests {

	/** That only one node serves. */
	private static final String QUEUE = "held";

	private static final int SLOTS = 8;

	/** What the handlers may hold: fewer than run at the same time. */
	private static final int POOL = 4;

	/** How often all of a node's sessions have to be seen at rest. */
	private static final int LOOKS = 20;

	private final NetworkForm form = NetworkForm.ofThisRun();

	private final FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);

	private final Fleet fleet = new Fleet(this.database, this.form.nodeSettings());

	private NodeProcess node;

	private NodeProcess other;

	@BeforeAll
	void start() {
		this.node = this.fleet.start(NodeOptions.NONE.with("--spring.datasource.hikari.maximum-pool-size=" + POOL)
			.with("--background-jobs.queues." + QUEUE + ".concurrency=" + SLOTS));
		this.other = this.fleet.start();
		this.fleet.awaitAtWork(2);
	}

	@AfterAll
	void stop() {
		this.fleet.close();
		this.database.close();
	}

	// Were a connection held for each, as many would run as there are connections. The
	// engine's own statements come and go: of many looks, hardly one meets one. A
	// transaction that is held would be met by each.
	@Test
	void nothingIsHeldWhileHandlersRun() {
		enqueue(SLOTS, (i) -> new Quiet(i, 5_000, 0));
		await().until(() -> started("started ") == SLOTS);
		assertThat(running()).as("running at the same time").isEqualTo(SLOTS);
		int busy = 0;
		for (int i = 0; i < LOOKS; i++) {
			busy += this.database.count("pg_stat_activity where application_name = '" + this.node.name()
					+ "' and (state <> 'idle' or xact_start is not null)");
		}
		assertThat(running()).as("running all the time").isEqualTo(SLOTS);
		assertThat(busy).as("sessions in a transaction, in all looks").isLessThan(LOOKS);
		assertThat(this.node.health()).contains(QUEUE + "=" + SLOTS);
		await().until(() -> this.database.count("background_job_job") == 0);
	}

	@Test
	void aNodeWhoseHandlersHoldEveryConnectionForLongerThanItsLeaseLosesNoneOfThem() {
		Duration length = this.form.lease().multipliedBy(3);
		int millis = Math.toIntExact(length.toMillis());
		Instant start = Instant.now();
		enqueue(POOL, (i) -> new Hog(100 + i, millis));
		await().until(() -> running() == POOL);
		this.database.client().enqueueAll(IntStream.range(0, 4).mapToObj((i) -> Work.taking(200 + i, 1)).toList());
		await().until(() -> this.database.count("background_job_job") == 0);
		assertThat(Duration.between(start, Instant.now())).isGreaterThan(length);
		assertThat(this.database.count("background_job_history where crashes > 0 or attempts > 0")).isZero();
		assertThat(this.database.count("background_job_history where state = 'SUCCEEDED' and name = 'hog'"))
			.isEqualTo(POOL);
		assertThat(started("hogging ")).isEqualTo(POOL);
		assertThat(this.node.log()).doesNotContain("was declared dead", "failed (");
		assertThat(this.other.log()).doesNotContain("is gone");
	}

	private void enqueue(int count, IntFunction<Object> job) {
		IntStream.range(0, count).forEach((i) -> this.database.client().job(job.apply(i)).queue(QUEUE).enqueue());
	}

	private int running() {
		return this.database.count("background_job_job where worker is not null");
	}

	private long started(String what) {
		return NodeOutput.of(this.node).told().stream().filter((line) -> line.startsWith(what)).count();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
	}

}
