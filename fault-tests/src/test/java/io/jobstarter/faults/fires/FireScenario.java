package io.jobstarter.faults.fires;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.RunProperties;
import org.jspecify.annotations.Nullable;

/**
 * What a fire test does. By default the nodes are ended at each fire in the long form,
 * and half of them only stopped for a while in the short one.
 *
 * @param database what the fleet works on
 * @param seed decides all that is left to chance
 * @param every the schedule's interval
 * @param fires how many fires there are
 * @param nodes how many nodes there are at a time
 * @param freezes how many strikes of a hundred stop a node for a while
 */
record FireScenario(FleetServer database, long seed, Duration every, int fires, int nodes, int freezes) {

	static final String PREFIX = "fire.";

	/** How late a fire may be while another node lives. */
	static final Duration LIMIT = Duration.ofSeconds(5);

	FireScenario {
		check(every.toSeconds() >= 1 && every.toSeconds() <= 59, "every", "1s to 59s");
		check(fires >= 1, "fires", "at least 1");
		check(nodes >= 2 && nodes <= 8, "nodes", "2 to 8: one has to be there while another is down");
		check(freezes >= 0 && freezes <= 100, "freezes", "0 to 100");
	}

	/**
	 * Reads the scenarios of a run: on each database that knows who waits for a lock, or
	 * at least that somebody does.
	 * @param properties knows the values by their names
	 * @return the scenarios
	 */
	static List<FireScenario> of(UnaryOperator<@Nullable String> properties) {
		RunProperties said = new RunProperties(PREFIX, properties);
		List<FleetServer> servers = FleetServer.available()
			.stream()
			.filter((server) -> server != FleetServer.PGBOUNCER)
			.toList();
		return said.get("database", (name) -> List.of(FleetServer.of(name)), servers)
			.stream()
			.map((server) -> of(server, said))
			.toList();
	}

	private static FireScenario of(FleetServer server, RunProperties said) {
		boolean isLong = said.isLong();
		int few = (server == FleetServer.POSTGRESQL) ? 12 : 6;
		return new FireScenario(server, said.seed(), said.duration("every", Duration.ofSeconds(isLong ? 5 : 1)),
				said.number("fires", isLong ? 60 : few), said.number("nodes", isLong ? 3 : 2),
				// A node that stands still in a transaction keeps its locks on MariaDB
				// for
				// longer than a fire may be late.
				said.number("freezes", (isLong || server == FleetServer.MARIADB) ? 0 : 50));
	}

	/**
	 * Says when it fires.
	 * @return the schedule
	 */
	String schedule() {
		return "every " + this.every.toSeconds() + " seconds";
	}

	private static void check(boolean valid, String name, String range) {
		if (!valid) {
			throw new IllegalArgumentException("-D" + PREFIX + name + " has to be " + range);
		}
	}

	/**
	 * Writes it down so that it can be run again.
	 * @return the properties that make it
	 */
	@Override
	public String toString() {
		return "-Dfire.database=%s -Dfire.seed=%d -Dfire.every=%ds -Dfire.fires=%d -Dfire.nodes=%d -Dfire.freezes=%d"
			.formatted(this.database, this.seed, this.every.toSeconds(), this.fires, this.nodes, this.freezes);
	}

}
