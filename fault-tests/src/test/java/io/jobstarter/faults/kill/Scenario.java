package io.jobstarter.faults.kill;

import java.time.Duration;
import java.util.List;

import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.oracle.Plan;

/**
 * What a kill test does. The same scenario makes the same jobs and the same choices; when
 * which job runs where is up to the machine.
 *
 * @param database what the fleet works on
 * @param seed decides all that is left to chance
 * @param nodes how many nodes there are at a time
 * @param jobs how many jobs have an effect in their transaction; a quarter as many
 * without one come on top
 * @param slots how many jobs a node runs at a time
 * @param lease how long a node's jobs stay its own without a heartbeat
 * @param heartbeat how often the lease is renewed
 * @param killInterval how long it takes, on average, from one killed node to the next
 * @param longestBody how long all bodies take at most, but for one in a hundred, which
 * takes ten times as long, up to 2 s
 */
public record Scenario(FleetServer database, long seed, int nodes, int jobs, int slots, Duration lease,
		Duration heartbeat, Duration killInterval, Duration longestBody) {

	// From the requirement: a crash is noticed, and its jobs run again, in this time.
	private static final Duration RECOVERY = Duration.ofSeconds(5);

	/** What is recovered waits for a free slot: less than it may take. */
	static final Duration LONGEST_BODY = Duration.ofSeconds(2);

	private static final int HEARTBEATS = 8;

	private static final int CONNECTIONS = 160;

	public Scenario {
		check(nodes >= 2 && nodes <= 8, "nodes", "2 to 8: one has to be there while another is down");
		check(jobs >= 1 && jobs <= 1_000_000, "jobs", "1 to 1000000");
		check(slots >= 1 && nodes * (slots + 10) <= CONNECTIONS, "slots", "1 to " + (CONNECTIONS / nodes - 10)
				+ " with " + nodes + " nodes: each takes one of the server's connections");
		check(within(lease, Duration.ofMillis(500), Duration.ofMinutes(10)), "lease", "500ms to 10m");
		check(within(heartbeat, Duration.ofMillis(100), lease.dividedBy(5)), "heartbeat", "100ms to lease/5");
		check(within(killInterval, Duration.ofMillis(100), Duration.ofMinutes(10)), "interval", "100ms to 10m");
		check(within(longestBody, Duration.ofMillis(1), LONGEST_BODY.dividedBy(2)), "body", "1ms to 1s");
	}

	/**
	 * How soon after a kill the jobs of the killed node have to run again.
	 * @return the limit
	 */
	Duration orphanLimit() {
		return this.lease.plus(RECOVERY);
	}

	/**
	 * How long the run may take before it is given up: ten times what its bodies take,
	 * and the time that the nodes need to start.
	 * @return the limit
	 */
	Duration patience() {
		Duration bodies = this.longestBody.multipliedBy(this.jobs).dividedBy((long) this.nodes * this.slots);
		return bodies.multipliedBy(10).plus(this.lease.multipliedBy(5)).plusSeconds(90);
	}

	/**
	 * Says what the nodes are told. Every body that a stopping node has begun may end.
	 * @return the settings, as Spring Boot's arguments
	 */
	List<String> nodeSettings() {
		Duration shutdown = LONGEST_BODY.multipliedBy(2);
		String queues = "--background-jobs.queues.%s.concurrency=%d";
		return List.of("--background-jobs.worker.lease=" + this.lease.toMillis() + "ms",
				"--background-jobs.worker.heartbeat=" + this.heartbeat.toMillis() + "ms",
				"--background-jobs.worker.shutdown-timeout=" + shutdown.toMillis() + "ms",
				"--background-jobs.worker.concurrency=" + this.slots, queues.formatted(Plan.QUEUES.get(0), this.slots),
				queues.formatted(Plan.QUEUES.get(1), this.slots),
				queues.formatted(Plan.QUEUES.get(2), Math.max(1, this.slots / 2)),
				// A transaction for each slot, and for some of them another for the
				// ledger.
				"--spring.datasource.hikari.maximum-pool-size=" + (this.slots + 4));
	}

	public static Duration heartbeatOf(Duration lease) {
		Duration heartbeat = lease.dividedBy(HEARTBEATS);
		return (heartbeat.toMillis() < 100) ? Duration.ofMillis(100) : heartbeat;
	}

	private static boolean within(Duration value, Duration lowest, Duration highest) {
		return value.compareTo(lowest) >= 0 && value.compareTo(highest) <= 0;
	}

	private static void check(boolean valid, String name, String range) {
		if (!valid) {
			throw new IllegalArgumentException("-D" + ScenarioProperties.PREFIX + name + " has to be " + range);
		}
	}

	/**
	 * Writes it down so that it can be run again.
	 * @return the properties that make it
	 */
	@Override
	public String toString() {
		return "-Dkill.database=%s -Dkill.seed=%d -Dkill.nodes=%d -Dkill.jobs=%d -Dkill.slots=%d -Dkill.lease=%dms "
			.formatted(this.database, this.seed, this.nodes, this.jobs, this.slots, this.lease.toMillis())
				+ "-Dkill.heartbeat=%dms -Dkill.interval=%dms -Dkill.body=%dms".formatted(this.heartbeat.toMillis(),
						this.killInterval.toMillis(), this.longestBody.toMillis());
	}

}
