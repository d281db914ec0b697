package io.jobstarter.faults.kill;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.RunProperties;
import org.jspecify.annotations.Nullable;

/**
 * Reads scenarios from system properties, see {@code fault-tests/README.md}.
 */
final class ScenarioProperties {

	static final String PREFIX = "kill.";

	private final RunProperties properties;

	ScenarioProperties(UnaryOperator<@Nullable String> properties) {
		this.properties = new RunProperties(PREFIX, properties);
	}

	/**
	 * Makes the scenarios to run: the short form on every database that is there, or the
	 * long one on PostgreSQL with two nodes and with three, unless properties say which.
	 * @return the scenarios
	 */
	List<Scenario> scenarios() {
		boolean isLong = this.properties.isLong();
		List<FleetServer> databases = this.properties.get("database", (name) -> List.of(FleetServer.of(name)),
				isLong ? List.of(FleetServer.POSTGRESQL) : FleetServer.available());
		List<Integer> nodes = this.properties.get("nodes", (count) -> List.of(Integer.valueOf(count)),
				isLong ? List.of(2, 3) : List.of(2));
		Form form = isLong ? Form.LONG : Form.SHORT;
		return databases.stream()
			.flatMap((database) -> nodes.stream().map((count) -> scenario(form, database, count)))
			.toList();
	}

	private Scenario scenario(Form form, FleetServer database, int nodes) {
		RunProperties said = this.properties;
		Duration lease = said.duration("lease", form.lease);
		// In short there is less of it on the other databases.
		int percent = (form == Form.SHORT && database != FleetServer.POSTGRESQL) ? 60 : 100;
		return new Scenario(database, said.seed(), nodes, said.number("jobs", form.jobs * percent / 100),
				said.number("slots", 8), lease, said.duration("heartbeat", Scenario.heartbeatOf(lease)),
				said.duration("interval", form.killInterval.multipliedBy(percent).dividedBy(100)),
				said.duration("body", form.longestBody));
	}

	static Stream<Scenario> ofThisRun() {
		return new ScenarioProperties(System::getProperty).scenarios().stream();
	}

	private enum Form {

		SHORT(1_000, Duration.ofSeconds(4), Duration.ofMillis(2_500), Duration.ofMillis(150)),

		LONG(10_000, Duration.ofSeconds(6), Duration.ofSeconds(4), Duration.ofMillis(120));

		private final int jobs;

		private final Duration lease;

		private final Duration killInterval;

		private final Duration longestBody;

		Form(int jobs, Duration lease, Duration killInterval, Duration longestBody) {
			this.jobs = jobs;
			this.lease = lease;
			this.killInterval = killInterval;
			this.longestBody = longestBody;
		}

	}

}
