package io.jobstarter.faults.process;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.RunProperties;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * The form of this run: short ones have short leases.
 *
 * @param isLong whether it is the long one
 * @param lease the nodes' lease
 * @param heartbeat their heartbeat
 */
record Form(boolean isLong, Duration lease, Duration heartbeat) {

	private static final Form SHORT = new Form(false, Duration.ofSeconds(2), Duration.ofMillis(250));

	private static final Form LONG = new Form(true, Duration.ofSeconds(10), Duration.ofSeconds(2));

	/** What rules allow on top of a lease. */
	private static final Duration RECOVERY = Duration.ofSeconds(5);

	static Form current() {
		return new RunProperties("faults.", System::getProperty).isLong() ? LONG : SHORT;
	}

	/**
	 * Says what the nodes are told.
	 * @return the settings, as Spring Boot's arguments
	 */
	List<String> settings() {
		return List.of("--background-jobs.worker.lease=" + this.lease.toMillis() + "ms",
				"--background-jobs.worker.heartbeat=" + this.heartbeat.toMillis() + "ms");
	}

	/**
	 * How soon after a node's end its jobs have to run again.
	 * @return the limit
	 */
	Duration orphanLimit() {
		return this.lease.plus(RECOVERY);
	}

	static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(100));
	}

	static ConditionFactory await(Duration limit) {
		return Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(50));
	}

	/**
	 * Reads the ids under which nodes hold jobs.
	 * @param database where
	 * @return the ids
	 */
	static Set<Long> workers(FleetDatabase database) {
		return database.jdbc()
			.queryForList("select id from background_job_worker", Long.class)
			.stream()
			.collect(Collectors.toSet());
	}

	/**
	 * Counts starts of a job.
	 * @param database where
	 * @param number which job it is
	 * @param node on which node
	 * @return how often its body has started there
	 */
	static int starts(FleetDatabase database, int number, NodeProcess node) {
		return database.count("ledger where number = " + number + " and node = '" + node.name() + "'");
	}

}
