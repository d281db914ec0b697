package io.jobstarter.faults.kill;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.faults.oracle.NodeEnd.Signal;
import io.jobstarter.faults.oracle.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fleets whose nodes stand still for longer than their lease and go on: by then others
 * run their jobs, and nothing that the old bodies come to may count.
 */
class FreezeTests {

	static Stream<Scenario> scenarios() {
		RunProperties said = new RunProperties("faults.", System::getProperty);
		Duration lease = said.isLong() ? Duration.ofSeconds(10) : Duration.ofSeconds(2);
		Duration interval = said.isLong() ? Duration.ofSeconds(6) : Duration.ofMillis(1_500);
		Stream<FleetServer> servers = said.isLong() ? FleetServer.available().stream()
				: Stream.of(FleetServer.POSTGRESQL);
		return servers.map((server) -> new Scenario(server, said.seed(), 2, said.isLong() ? 6_000 : 500, 8, lease,
				Scenario.heartbeatOf(lease), interval, Duration.ofMillis(250)));
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void aFleetThatStandsStillAgainAndAgainLosesNothingAndDoesNothingTwice(Scenario scenario) throws Exception {
		System.out.println("Freeze test: -Dfaults.seed=" + scenario.seed() + " " + scenario);
		AtomicReference<Freezer> freezer = new AtomicReference<>();
		Verdict verdict = KillRun.of(scenario, FleetDatabase.create(scenario.database()), (database, fleet, same) -> {
			freezer.set(new Freezer(database, fleet, same));
			return freezer.get();
		});
		System.out.println("Freeze test: " + verdict.summary());
		assertThat(verdict.isGood())
			.withFailMessage(
					() -> "-Dfaults.seed=" + scenario.seed() + "\n" + verdict.summary() + "\n" + verdict.explanation())
			.isTrue();
		assertThat(freezer.get().endedByOldBodies()).as("jobs that an old body ended").isZero();
		assertThat(verdict.run().ends()).anyMatch((end) -> end.signal() == Signal.STOP && !end.held().isEmpty());
	}

}
