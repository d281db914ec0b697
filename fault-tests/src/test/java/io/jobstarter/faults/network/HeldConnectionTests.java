package io.jobstarter.faults.network;

import java.time.Duration;
import java.time.Instant;
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

	private static final int SLOTS = 8;

	/** How often all of a node's sessions have to be seen at rest. */
	private static final int LOOKS = 20;

	private final NetworkForm form = NetworkForm.ofThisRun();

	private final FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);

	private final Fleet fleet = new Fleet(this.database, this.form.nodeSettings());

	private NodeProcess node;

	@BeforeAll
	void start() {
		this.node = this.fleet.start(NodeOptions.NONE.with("--spring.datasource.hikari.maximum-pool-size=" + SLOTS));
		this.fleet.awaitAtWork(1);
	}

	@AfterAll
	void stop() {
		this.fleet.close();
		this.database.close();
	}

	// The engine's own statements come and go: of many looks, hardly one meets one. A
	// transaction that is held would be met by each.
	@Test
	void nothingIsHeldWhileHandlersRun() {
		this.database.client().enqueueAll(IntStream.range(0, SLOTS).mapToObj((i) -> new Quiet(i, 5_000, 0)).toList());
		await().until(() -> started("started ") == SLOTS);
		int busy = 0;
		for (int i = 0; i < LOOKS; i++) {
			busy += this.database.count("pg_stat_activity where application_name = '" + this.node.name()
					+ "' and (state <> 'idle' or xact_start is not null)");
		}
		assertThat(this.database.count("background_job_job where worker is not null")).as("running all the time")
			.isEqualTo(SLOTS);
		assertThat(busy).as("sessions in a transaction, in all looks").isLessThan(LOOKS);
		assertThat(this.node.health()).contains("usedSlots={default=" + SLOTS + "}");
		await().until(() -> this.database.count("background_job_job") == 0);
	}

	@Test
	void aNodeWhoseHandlersHoldEveryConnectionForLongerThanItsLeaseLosesNoneOfThem() {
		try (NodeProcess other = this.fleet.start()) {
			Instant start = Instant.now();
			hogEveryConnection();
			this.fleet.awaitAtWork(2);
			this.database.client().enqueueAll(IntStream.range(0, 4).mapToObj((i) -> Work.taking(200 + i, 1)).toList());
			await().until(() -> this.database.count("background_job_job") == 0);
			assertThat(Duration.between(start, Instant.now())).isGreaterThan(this.form.lease().multipliedBy(2));
			assertThat(this.database.count("background_job_history where crashes > 0 or attempts > 0")).isZero();
			assertThat(this.database.count("background_job_history where state = 'SUCCEEDED' and name = 'hog'"))
				.isEqualTo(SLOTS);
			assertThat(started("hogging ")).isEqualTo(SLOTS);
			assertThat(NodeOutput.of(other).told()).noneMatch((line) -> line.startsWith("hogging"));
			assertThat(this.node.log()).doesNotContain("was declared dead", "failed (");
		}
	}

	private void hogEveryConnection() {
		int millis = Math.toIntExact(this.form.lease().multipliedBy(2).toMillis());
		this.database.client().enqueueAll(IntStream.range(0, SLOTS).mapToObj((i) -> new Hog(100 + i, millis)).toList());
		await().until(() -> this.database.count("background_job_job where worker is not null") == SLOTS);
	}

	private long started(String what) {
		return NodeOutput.of(this.node).told().stream().filter((line) -> line.startsWith(what)).count();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
	}

}
