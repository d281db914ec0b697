package io.jobstarter.faults.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.faults.fleet.TcpProxy;
import io.jobstarter.faults.kill.KillRun;
import io.jobstarter.faults.kill.Scenario;
import io.jobstarter.faults.oracle.Verdict;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.PostgresOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A fleet at work whose primary is killed, and whose synchronous standby takes its place.
 */
class FailoverTests {

	private static final RunProperties SAID = new RunProperties("faults.", System::getProperty);

	private static final Pattern SUCCESS = Pattern.compile("Job (\\d+) .*succeeded after");

	/**
	 * How nodes find the primary.
	 */
	enum Way {

		/** By one address that leads to another server from then on. */
		ADDRESS_THAT_MOVES,

		/** By a list of servers in the URL, of which they take the one that writes. */
		LIST_OF_SERVERS

	}

	static List<Way> ways() {
		return SAID.isLong() ? List.of(Way.values()) : List.of(Way.ADDRESS_THAT_MOVES);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whatWasAcknowledgedSurvivesThePrimaryAndNodesLeaveIt(Way way) throws Exception {
		Scenario scenario = scenario();
		System.out.println("Failover: -Dfaults.seed=" + scenario.seed() + ", " + way);
		PostgresOptions options = PostgresOptions.defaults().withSetting("wal_retrieve_retry_interval", "200ms");
		AtomicReference<FailoverStriker> striker = new AtomicReference<>();
		try (EmbeddedPostgres primary = EmbeddedPostgres.start(options); TcpProxy proxy = TcpProxy.to(primary.port())) {
			String url = primary.createDatabase();
			try (EmbeddedPostgres standby = primary.startSynchronousStandby()) {
				FleetServer.Access access = new FleetServer.Access(url(way, url, proxy, standby), primary.username(),
						primary.password(), List.of());
				Verdict verdict = KillRun.of(scenario, FleetDatabase.open(FleetServer.POSTGRESQL, access, List.of()),
						(database, fleet, same) -> {
							striker.set(new FailoverStriker(primary, standby, () -> {
								proxy.target(standby.port());
								database.leaveServer();
							}, database, fleet));
							return striker.get();
						});
				System.out.println(
						"Failover: " + verdict.summary() + "; all nodes worked again after " + striker.get().resumed());
				assertThat(verdict.isGood()).withFailMessage(() -> verdict.summary() + "\n" + verdict.explanation())
					.isTrue();
				assertThat(toldTwice(verdict)).as("recorded outcomes that did not survive").isEmpty();
			}
		}
		assertThat(striker.get().resumed()).isNotNull().isLessThan(WorkWatch.LIMIT);
	}

	private static String url(Way way, String url, TcpProxy proxy, EmbeddedPostgres standby) {
		return (way == Way.ADDRESS_THAT_MOVES) ? url.replaceFirst(":\\d+/", ":" + proxy.port() + "/")
				: url.replaceFirst(":(\\d+)/", ":$1,127.0.0.1:" + standby.port() + "/") + "?targetServerType=primary";
	}

	// A job succeeds once, unless that was forgotten.
	private static Set<String> toldTwice(Verdict verdict) throws Exception {
		Set<String> told = new HashSet<>();
		Set<String> twice = new HashSet<>();
		for (Path log : verdict.run().logs().values()) {
			for (String line : Files.readAllLines(log)) {
				Matcher success = SUCCESS.matcher(line);
				if (success.find() && !told.add(success.group(1))) {
					twice.add(success.group(1));
				}
			}
		}
		assertThat(told).as("jobs whose success nodes have logged").isNotEmpty();
		return twice;
	}

	private static Scenario scenario() {
		boolean isLong = SAID.isLong();
		return new Scenario(FleetServer.POSTGRESQL, SAID.seed(), 2, SAID.number("jobs", isLong ? 3_000 : 400), 8,
				Duration.ofMillis(isLong ? 10_000 : 2_500), Duration.ofMillis(isLong ? 2_000 : 500),
				Duration.ofSeconds(1), Duration.ofMillis(300));
	}

}
