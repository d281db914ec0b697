package io.jobstarter.faults.process;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Nodes that nobody can tell apart by their host and process, as containers of one name
 * are: each is the first process of its own.
 */
class IdentityTests {

	private static final String[] CONTAINER = { "unshare", "--pid", "--fork", "--mount-proc", "--kill-child" };

	private static final int JOBS = 4;

	private final Form form = Form.current();

	@Test
	void oneWithTheHostAndProcessOfADeadOneNeitherInheritsNorHidesItsJobs() throws Exception {
		assumeThat(canContain()).as("unshare puts processes into a namespace of their own").isTrue();
		try (FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);
				Fleet fleet = new Fleet(database, this.form.settings())) {
			Set<Long> seen = new HashSet<>();
			NodeProcess first = fleet.start(NodeOptions.NONE.within(CONTAINER));
			Form.await().until(() -> Form.workers(database).size() == 1);
			seen.addAll(Form.workers(database));
			database.client()
				.enqueueAll(IntStream.range(0, JOBS).mapToObj((number) -> Work.taking(number, 600_000)).toList());
			Form.await().until(() -> database.count("ledger") == JOBS);
			first.kill();
			Instant killed = database.now();
			NodeProcess second = fleet.start(NodeOptions.NONE.within(CONTAINER));
			Form.await().until(() -> Form.workers(database).stream().anyMatch((worker) -> !seen.contains(worker)));
			assertThat(database.jdbc()
				.queryForList("select distinct host || ':' || pid from background_job_worker", String.class))
				.as("both are process 1 of one host")
				.singleElement()
				.asString()
				.endsWith(":1");
			Form.await(this.form.orphanLimit().plusSeconds(10))
				.until(() -> database.count("ledger where node = '" + second.name() + "'") == JOBS);
			Instant again = database.now();
			assertThat(Duration.between(killed, again)).as("not before the lease was over")
				.isGreaterThan(this.form.lease().minus(this.form.heartbeat()));
			Form.await().until(() -> Form.workers(database).size() == 1);
			assertThat(Form.workers(database)).doesNotContainAnyElementsOf(seen);
			assertThat(database.count("background_job_job where crashes = 1")).isEqualTo(JOBS);
			NodeProcess third = fleet.start(NodeOptions.NONE.within(CONTAINER));
			Form.await().until(() -> Form.workers(database).size() == 2);
			database.client().enqueue(Work.taking(JOBS, 1));
			Form.await().until(() -> database.started().contains(JOBS));
			assertThat(database.count("background_job_job where crashes = 1"))
				.as("of a node that lives beside its double")
				.isEqualTo(JOBS);
			assertThat(Form.starts(database, 0, third)).isZero();
		}
	}

	private static boolean canContain() throws InterruptedException {
		try {
			ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(CONTAINER)));
			builder.command().add("true");
			return builder.start().waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
