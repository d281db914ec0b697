package io.jobstarter.faults.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.jobstarter.faults.fleet.RunProperties;

/**
 * A workload on two nodes whose networks fail by chance.
 *
 * @param seed decides which network fails when, how and for how long
 * @param lease the nodes' lease
 * @param time how long networks fail
 * @param longest how long a fault lasts at most
 */
record NetworkScenario(long seed, Duration lease, Duration time, Duration longest) {

	private static final int SEEDS = 12;

	static Stream<NetworkScenario> ofThisRun() {
		RunProperties said = new RunProperties(NetworkForm.PREFIX, System::getProperty);
		boolean isLong = said.isLong();
		Duration lease = Duration.ofSeconds(isLong ? 10 : 3);
		Duration time = said.duration("time", Duration.ofSeconds(isLong ? 60 : 9));
		long first = said.seed();
		return LongStream.range(first, first + said.number("seeds", isLong ? SEEDS : 1))
			.mapToObj((seed) -> new NetworkScenario(seed, lease, time, lease.plusSeconds(isLong ? 5 : 1)));
	}

	// Handlers give up before long, too: what they wait for is not the engine's.
	List<String> nodeSettings() {
		List<String> settings = new ArrayList<>();
		settings.add("--background-jobs.worker.lease=" + this.lease.toMillis() + "ms");
		settings.add("--background-jobs.worker.heartbeat=" + this.lease.toMillis() / 8 + "ms");
		settings.add("--spring.datasource.hikari.connection-timeout=3000");
		settings.add("--spring.datasource.hikari.validation-timeout=1000");
		settings.add("--spring.datasource.hikari.data-source-properties.socketTimeout=4");
		settings.add("--spring.datasource.hikari.data-source-properties.loginTimeout=2");
		return settings;
	}

	@Override
	public String toString() {
		return "-Dfaults.seed=%d -Dfaults.time=%dms, lease %d ms".formatted(this.seed, this.time.toMillis(),
				this.lease.toMillis());
	}

}
