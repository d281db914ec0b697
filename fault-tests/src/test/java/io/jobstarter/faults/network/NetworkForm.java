package io.jobstarter.faults.network;

import java.time.Duration;
import java.util.List;

import io.jobstarter.faults.fleet.RunProperties;

/**
 * How long things take in these tests.
 *
 * @param lease the nodes' lease
 * @param heartbeat how often it is renewed
 * @param outage how long nodes are without a network
 * @param isLong whether this is the long form
 * @param seed decides what is left to chance
 */
record NetworkForm(Duration lease, Duration heartbeat, Duration outage, boolean isLong, long seed) {

	static final String PREFIX = "faults.";

	/** As the documentation advises: what handlers read themselves is bounded, too. */
	private static final String HANDLERS_TIMEOUT = "--spring.datasource.hikari.data-source-properties.socketTimeout=25";

	static NetworkForm ofThisRun() {
		RunProperties said = new RunProperties(PREFIX, System::getProperty);
		boolean isLong = said.isLong();
		return new NetworkForm(Duration.ofSeconds(isLong ? 10 : 3), Duration.ofMillis(isLong ? 2_000 : 400),
				said.duration("outage", Duration.ofSeconds(isLong ? 45 : 12)), isLong, said.seed());
	}

	List<String> nodeSettings() {
		return List.of("--background-jobs.worker.lease=" + this.lease.toMillis() + "ms",
				"--background-jobs.worker.heartbeat=" + this.heartbeat.toMillis() + "ms",
				"--background-jobs.worker.shutdown-timeout=4s", "--node.waits=true", HANDLERS_TIMEOUT);
	}

	/**
	 * How soon the jobs of a node that is cut off run elsewhere.
	 * @return the limit
	 */
	Duration takeover() {
		return this.lease.plusSeconds(5);
	}

	@Override
	public String toString() {
		return "-Dfaults.form=%s -Dfaults.seed=%d -Dfaults.outage=%dms".formatted(this.isLong ? "long" : "short",
				this.seed, this.outage.toMillis());
	}

}
