package io.jobstarter.faults.servers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.faults.kill.KillRun;
import io.jobstarter.faults.kill.Scenario;
import io.jobstarter.faults.oracle.Verdict;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.PostgresOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A fleet at work whose server ends, hangs and refuses. In every way that it can, three
 * times, and with the profile of the promises: {@code -Dfaults.form=long}; in some ways:
 * {@code -Dfaults.only=HANG,CRASH}.
 */
class ServerFaultTests {

	private static final RunProperties SAID = new RunProperties("faults.", System::getProperty);

	/** As many as there is time for in every build; the seed says which. */
	private static final int SOME = 6;

	@Test
	void aFleetWhoseServerIsStruckGoesOnByItselfAndLosesNothing() throws Exception {
		Scenario scenario = scenario();
		System.out.println("Server faults: -Dfaults.seed=" + scenario.seed() + ", " + faults(scenario.seed()));
		AtomicReference<ServerStriker> striker = new AtomicReference<>();
		List<String> surplus = new ArrayList<>();
		try (EmbeddedPostgres server = EmbeddedPostgres
			.start(PostgresOptions.defaults().withSetting("max_connections", "80"))) {
			FleetServer.Access access = FleetServer.accessTo(server);
			ServerScene scene = new ServerScene(server, access.url(), Duration.ofSeconds(SAID.isLong() ? 15 : 1),
					scenario.lease());
			Verdict verdict = KillRun.of(scenario, FleetDatabase.open(FleetServer.POSTGRESQL, access, List.of()),
					(database, fleet, same) -> {
						striker.set(new ServerStriker(scene, faults(scenario.seed()), database, fleet));
						return striker.get();
					});
			System.out.println("Server faults: " + verdict.summary() + "; all nodes worked again after "
					+ striker.get().resumed());
			surplus.addAll(striker.get().surplusLines());
			assertThat(verdict.isGood()).withFailMessage(() -> verdict.summary() + "\n" + verdict.explanation())
				.isTrue();
		}
		assertThat(striker.get().resumed()).as("struck: else it takes more jobs")
			.containsOnlyKeys(new HashSet<>(faults(scenario.seed())).toArray(ServerFault[]::new));
		assertThat(striker.get().resumed()).allSatisfy((fault, took) -> assertThat(took).isLessThan(WorkWatch.LIMIT));
		assertThat(surplus).as("one line per loop and ten seconds").isEmpty();
	}

	private static List<ServerFault> faults(long seed) {
		String named = SAID.get("only", Function.identity(), "");
		if (!named.isEmpty()) {
			return Arrays.stream(named.split(",")).map(ServerFault::valueOf).toList();
		}
		List<ServerFault> faults = new ArrayList<>();
		Random random = new Random(seed);
		for (int i = 0; i < (SAID.isLong() ? 3 : 1); i++) {
			List<ServerFault> all = Arrays.asList(ServerFault.values());
			Collections.shuffle(all, random);
			faults.addAll(all);
		}
		return SAID.isLong() ? faults : faults.subList(0, SOME);
	}

	private static Scenario scenario() {
		boolean isLong = SAID.isLong();
		Duration lease = Duration.ofMillis(isLong ? 10_000 : 2_500);
		return new Scenario(FleetServer.POSTGRESQL, SAID.seed(), 2, SAID.number("jobs", isLong ? 6_000 : 450), 8, lease,
				isLong ? Duration.ofSeconds(2) : Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(600));
	}

}
