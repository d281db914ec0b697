package io.jobstarter.faults.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.jobstarter.faults.GatedJobs;
import io.jobstarter.faults.GatedJobs.Gated;
import io.jobstarter.faults.GatedJobs.GatedEffect;
import io.jobstarter.faults.GatedJobs.GatedFailure;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A node stands still in the midst of its jobs and goes on when another runs them. What
 * its bodies come to then is nobody's business any more, whether they succeed, fail or
 * commit.
 */
class OldBodyTests {

	private static final String HELD = """
			select id, name, state, worker, claim, attempt, crashes from background_job_job order by id
			""";

	private final Form form = Form.current();

	@TempDir
	private Path gates;

	static Stream<FleetServer> servers() {
		return Form.current().isLong() ? FleetServer.available().stream() : Stream.of(FleetServer.POSTGRESQL);
	}

	@ParameterizedTest
	@MethodSource("servers")
	void whatTheyComeToChangesNothingOfTheJobsThatAnotherRuns(FleetServer server) throws IOException {
		try (FleetDatabase database = FleetDatabase.create(server);
				Fleet fleet = new Fleet(database, this.form.settings())) {
			NodeProcess first = fleet.start();
			fleet.awaitAtWork(1);
			String there = this.gates.toString();
			database.client()
				.enqueueAll(List.of(new Gated(1, there), new GatedFailure(2, there), new GatedEffect(3, there)));
			Form.await().until(() -> database.count("ledger") == 3);
			NodeProcess second = fleet.start();
			fleet.awaitAtWork(2);
			first.freeze();
			Form.await().until(() -> startsOn(database, second) == 3);
			List<Map<String, Object>> held = database.jdbc().queryForList(HELD);
			open(first);
			first.thaw();
			Form.await().until(first::isIdle);
			assertThat(database.jdbc().queryForList(HELD)).as("jobs of the second node").isEqualTo(held);
			assertThat(database.count("background_job_history")).as("jobs that have ended").isZero();
			assertThat(database.count("background_job_failure")).as("failures").isZero();
			assertThat(database.effects()).as("effects").isEmpty();
			open(second);
			Form.await().until(() -> database.count("background_job_job") == 0);
			assertThat(database.count("background_job_history where state = 'SUCCEEDED'")).isEqualTo(3);
			assertThat(database.count("background_job_failure")).isOne();
			assertThat(database.effects()).containsExactly(3);
			assertThat(database.count("ledger")).as("starts of bodies").isEqualTo(3 + 3 + 1);
		}
	}

	private static int startsOn(FleetDatabase database, NodeProcess node) {
		return database.count("ledger where node = '" + node.name() + "'");
	}

	private void open(NodeProcess node) throws IOException {
		Files.createFile(GatedJobs.gate(this.gates.toString(), node.name()));
	}

}
