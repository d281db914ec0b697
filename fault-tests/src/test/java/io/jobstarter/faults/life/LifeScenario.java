package io.jobstarter.faults.life;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.RunProperties;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the property test does.
 *
 * @param database what the nodes work on
 * @param seed decides what is left to chance, but for what threads and nodes make of it
 * together
 * @param threads how many threads enqueue jobs and operate on them
 * @param time for how long they do so
 * @param lease the nodes' lease
 * @param strikes whether nodes are cut off and started again meanwhile
 */
record LifeScenario(FleetServer database, long seed, int threads, Duration time, Duration lease, boolean strikes) {

	static final String PREFIX = "life.";

	LifeScenario {
		if (!Journal.isKeptBy(database)) {
			throw new IllegalArgumentException("-D" + PREFIX + "database has to be postgresql or pgbouncer: "
					+ "the journal needs PostgreSQL's triggers and snapshots");
		}
		if (threads < 1) {
			throw new IllegalArgumentException("-D" + PREFIX + "threads has to be at least 1");
		}
	}

	/**
	 * Reads the scenarios from system properties: one, or many in the long form.
	 * @param properties knows the values by their names
	 * @return the scenarios
	 */
	static List<LifeScenario> of(UnaryOperator<@Nullable String> properties) {
		RunProperties said = new RunProperties(PREFIX, properties);
		boolean isLong = new RunProperties("faults.", properties).isLong() || said.isLong();
		int seeds = said.number("seeds", isLong ? 20 : 1);
		long first = said.seed();
		List<LifeScenario> scenarios = new ArrayList<>();
		for (long seed = first; seed < first + seeds; seed++) {
			scenarios.add(new LifeScenario(said.get("database", FleetServer::of, FleetServer.POSTGRESQL), seed,
					said.number("threads", 4), said.duration("time", Duration.ofSeconds(isLong ? 30 : 10)),
					said.duration("lease", Duration.ofSeconds(2)), said.get("strikes", Boolean::valueOf, true)));
		}
		return scenarios;
	}

	/**
	 * How long the jobs may take to come to their ends when nobody disturbs them any
	 * more.
	 * @return the limit
	 */
	Duration patience() {
		return Duration.ofSeconds(60).plus(this.time);
	}

	/**
	 * Says what the nodes are told.
	 * @return the settings, as Spring Boot's arguments
	 */
	List<String> nodeSettings() {
		List<String> settings = new ArrayList<>(applicationSettings());
		settings.addAll(List.of("--background-jobs.worker.lease=" + this.lease.toMillis() + "ms",
				"--background-jobs.worker.heartbeat=" + this.lease.toMillis() / 8 + "ms",
				"--background-jobs.worker.poll-interval=100ms", "--background-jobs.worker.shutdown-timeout=300ms",
				"--background-jobs.queues." + Life.QUEUE + ".concurrency=10",
				"--background-jobs.queues." + Life.KEYED_QUEUE + ".concurrency=10",
				"--spring.datasource.hikari.maximum-pool-size=24", "--logging.level.root=error",
				"--logging.level.io.jobstarter.jobs=error"));
		return settings;
	}

	/**
	 * Says what whoever knows the jobs is told.
	 * @return the settings, as Spring Boot's arguments
	 */
	static List<String> applicationSettings() {
		String circuit = "--resilience4j.circuitbreaker.instances." + Life.CIRCUIT;
		return List.of(circuit + ".sliding-window-size=8", circuit + ".minimum-number-of-calls=6",
				circuit + ".failure-rate-threshold=40", circuit + ".wait-duration-in-open-state=300ms",
				circuit + ".permitted-number-of-calls-in-half-open-state=2");
	}

	/**
	 * Writes it down so that it can be run again.
	 * @return the properties that make it
	 */
	@Override
	public String toString() {
		return "-Dlife.database=%s -Dlife.seed=%d -Dlife.threads=%d -Dlife.time=%dms -Dlife.lease=%dms -Dlife.strikes=%s"
			.formatted(this.database, this.seed, this.threads, this.time.toMillis(), this.lease.toMillis(),
					this.strikes);
	}

}
