package io.jobstarter.faults.keys;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

import io.jobstarter.faults.Keyed;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.faults.kill.Scenario;
import org.jspecify.annotations.Nullable;

/**
 * What a key test does: jobs over keys, a third of them over few, and nodes that are
 * killed and stopped meanwhile.
 *
 * @param database what the fleet works on
 * @param seed decides all that is left to chance
 * @param nodes how many nodes there are at a time
 * @param jobs how many jobs there are
 * @param keys how many keys
 * @param slots how many jobs a node runs at a time
 * @param lease how long a node's jobs stay its own without a heartbeat
 * @param interval how long it takes, on average, from one strike to the next
 * @param body how long bodies take at most, but for one in 75, which take 2 to 4 s
 */
record KeyScenario(FleetServer database, long seed, int nodes, int jobs, int keys, int slots, Duration lease,
		Duration interval, Duration body) {

	static final String PREFIX = "keys.";

	private static final int JOBS_OF_A_HOT_KEY = 120;

	/** So that bodies are left to run on when a node goes on. */
	private static final Duration LONG_BODY = Duration.ofSeconds(2);

	KeyScenario {
		check(nodes >= 2 && nodes <= 8, "nodes", "2 to 8: one has to be there while another is down");
		check(jobs >= 1 && jobs <= 1_000_000, "jobs", "1 to 1000000");
		check(keys >= 1, "keys", "at least 1");
		check(slots >= 1 && nodes * (slots * 2 + 10) <= 190, "slots",
				"so few that " + nodes + " nodes do not take all connections of the server");
		check(lease.compareTo(Duration.ofSeconds(1)) >= 0, "lease", "at least 1s");
	}

	static KeyScenario of(UnaryOperator<@Nullable String> properties) {
		RunProperties said = new RunProperties(PREFIX, properties);
		boolean isLong = said.isLong();
		return new KeyScenario(said.get("database", FleetServer::of, FleetServer.POSTGRESQL), said.seed(),
				said.number("nodes", isLong ? 4 : 3), said.number("jobs", isLong ? 20_000 : 1_000),
				said.number("keys", isLong ? 10_000 : 500), said.number("slots", 8),
				said.duration("lease", Duration.ofSeconds(isLong ? 4 : 3)),
				said.duration("interval", Duration.ofMillis(isLong ? 4_000 : 2_000)),
				said.duration("body", Duration.ofMillis(60)));
	}

	/**
	 * Makes the jobs.
	 * @return the jobs, in the order in which they are enqueued
	 */
	List<Keyed> plan() {
		Random random = new Random(this.seed);
		int hot = Math.max(1, this.jobs / 3 / JOBS_OF_A_HOT_KEY);
		List<Keyed> plan = new ArrayList<>(this.jobs);
		for (int number = 0; number < this.jobs; number++) {
			KeyKind kind = KeyKind.values()[random.nextInt(KeyKind.values().length)];
			boolean isHot = random.nextInt(3) == 0;
			String key = isHot ? "hot-" + random.nextInt(hot) : "k-" + random.nextInt(this.keys);
			boolean isLong = !isHot && random.nextInt(50) == 0;
			int millis = 1 + random.nextInt((int) (isLong ? LONG_BODY : this.body).toMillis());
			plan.add(kind.payload(number, key, isLong ? millis + (int) LONG_BODY.toMillis() : millis,
					(random.nextInt(100) < 4) ? 1 : 0));
		}
		return plan;
	}

	/**
	 * How long the run may take before it is given up.
	 * @return the limit
	 */
	Duration patience() {
		return Duration.ofSeconds(90).plus(Duration.ofMillis(30L * this.jobs));
	}

	/**
	 * Says what the nodes are told.
	 * @return the settings, as Spring Boot's arguments
	 */
	List<String> nodeSettings() {
		return List.of("--background-jobs.worker.lease=" + this.lease.toMillis() + "ms",
				"--background-jobs.worker.heartbeat=" + Scenario.heartbeatOf(this.lease).toMillis() + "ms",
				"--background-jobs.worker.concurrency=" + this.slots,
				"--background-jobs.queues.default.concurrency=" + this.slots,
				// A transaction for each slot, and another for the ledger.
				"--spring.datasource.hikari.maximum-pool-size=" + (this.slots * 2 + 2));
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
		return "-Dkeys.database=%s -Dkeys.seed=%d -Dkeys.nodes=%d -Dkeys.jobs=%d -Dkeys.keys=%d -Dkeys.slots=%d "
			.formatted(this.database, this.seed, this.nodes, this.jobs, this.keys, this.slots)
				+ "-Dkeys.lease=%dms -Dkeys.interval=%dms -Dkeys.body=%dms".formatted(this.lease.toMillis(),
						this.interval.toMillis(), this.body.toMillis());
	}

}
