package io.jobstarter.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/**
 * Reads scenarios from system properties, see {@code fault-tests/README.md}.
 */
final class ScenarioProperties {

	static final String PREFIX = "kill.";

	private final UnaryOperator<@Nullable String> properties;

	ScenarioProperties(UnaryOperator<@Nullable String> properties) {
		this.properties = properties;
	}

	/**
	 * Makes the scenarios to run: the short form on every database that is there, or the
	 * long one on PostgreSQL with two nodes and with three, unless properties say which.
	 * @return the scenarios
	 */
	List<Scenario> scenarios() {
		boolean isLong = "long".equals(get("form", Function.identity(), "short"));
		List<FleetServer> databases = get("database", (name) -> List.of(FleetServer.of(name)),
				isLong ? List.of(FleetServer.POSTGRESQL) : FleetServer.available());
		List<Integer> nodes = get("nodes", (count) -> List.of(Integer.valueOf(count)),
				isLong ? List.of(2, 3) : List.of(2));
		Form form = isLong ? Form.LONG : Form.SHORT;
		return databases.stream()
			.flatMap((database) -> nodes.stream().map((count) -> scenario(form, database, count)))
			.toList();
	}

	private Scenario scenario(Form form, FleetServer database, int nodes) {
		Duration lease = get("lease", ScenarioProperties::duration, form.lease);
		return new Scenario(database, get("seed", Long::valueOf, anySeed()), nodes,
				get("jobs", Integer::valueOf, form.jobs), get("slots", Integer::valueOf, 8), lease,
				get("heartbeat", ScenarioProperties::duration, Scenario.heartbeatOf(lease)),
				get("interval", ScenarioProperties::duration, form.killInterval),
				get("body", ScenarioProperties::duration, form.longestBody));
	}

	private <T> T get(String name, Function<String, T> read, T otherwise) {
		String text = this.properties.apply(PREFIX + name);
		if (text == null || text.isBlank()) {
			return otherwise;
		}
		try {
			return read.apply(text.trim());
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("-D" + PREFIX + name + "=" + text + " cannot be: " + ex.getMessage(),
					ex);
		}
	}

	private static Duration duration(String text) {
		return DurationStyle.detectAndParse(text);
	}

	private static long anySeed() {
		return ThreadLocalRandom.current().nextLong(1, 1_000_000);
	}

	static Stream<Scenario> ofThisRun() {
		return new ScenarioProperties(System::getProperty).scenarios().stream();
	}

	private enum Form {

		SHORT(2_000, Duration.ofSeconds(4), Duration.ofMillis(2_500), Duration.ofMillis(150)),

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
