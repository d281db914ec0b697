package io.jobstarter.faults.process;

import java.time.Duration;
import java.util.List;

import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.LoopJobs;
import io.jobstarter.faults.LoopJobs.Die;
import io.jobstarter.faults.LoopJobs.Fail;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The engine's own threads in a node, at which errors are thrown or which die.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LoopTests {

	private static final List<String> ALL = List.of("heartbeat", "poller", "settler", "watchdog", "circuits",
			"maintenance", "notify", "listen");

	/** Those that send a statement all the time, or as soon as there are jobs. */
	private static final List<String> ASKING = List.of("heartbeat", "poller", "settler", "maintenance");

	private static final int ERRORS = 4;

	private final Form form = Form.current();

	private FleetDatabase database;

	private Fleet fleet;

	private NodeProcess node;

	private int jobs;

	@BeforeAll
	void start() {
		this.database = FleetDatabase.create(FleetServer.POSTGRESQL);
		this.fleet = new Fleet(this.database, this.form.settings());
		this.node = this.fleet
			.start(NodeOptions.NONE.with("--spring.datasource.driver-class-name=io.jobstarter.faults.LoopFaults")
				.with("--background-jobs.queues.default.concurrency=4")
				.with("--background-jobs.queues.harm.concurrency=4"));
		this.fleet.awaitAtWork(1);
	}

	@AfterAll
	void close() {
		this.fleet.close();
		this.database.close();
	}

	@Test
	void noErrorEndsOneAndHealthSaysSoMeanwhile() {
		for (String loop : ASKING) {
			awaitHealth("UP");
			this.database.client().enqueue(new Fail("background-jobs-" + loop, ERRORS));
			Form.await().until(() -> {
				work();
				return this.node.log().contains("background-jobs-" + loop + " failed (1 in a row)");
			});
			awaitHealth("DOWN");
			runJob();
		}
		awaitHealth("UP");
	}

	@Test
	void oneThatDiesIsStartedAgainAndHealthIsDownMeanwhile() {
		for (String loop : ALL) {
			awaitHealth("UP");
			String thread = "background-jobs-" + loop;
			Form.await().until(() -> {
				this.database.client().enqueue(new Die(thread));
				Form.await().until(() -> this.database.count("background_job_job where queue = 'harm'") == 0);
				return this.node.log().contains(LoopJobs.DIED + thread);
			});
			assertThat(this.node.log()).contains(LoopJobs.DIED + thread + " DOWN")
				.doesNotContain(LoopJobs.DIED + thread + " UP");
			Form.await()
				.until(() -> this.node.log().contains("The thread " + thread + " had died and was started again"));
			runJob();
		}
		awaitHealth("UP");
	}

	private void awaitHealth(String status) {
		Form.await().until(() -> this.node.health().startsWith(status + " "));
	}

	private void runJob() {
		int number = work();
		Form.await().until(() -> this.database.started().contains(number));
	}

	private int work() {
		int number = this.jobs++;
		this.database.client().enqueue(Work.taking(number, 1));
		return number;
	}

}
