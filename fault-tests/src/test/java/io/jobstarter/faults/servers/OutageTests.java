package io.jobstarter.faults.servers;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import io.jobstarter.faults.Jobs.Poison;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who looks dead after an outage and is not, and who dies too often for others to look.
 */
@Execution(ExecutionMode.CONCURRENT)
class OutageTests {

	private static final RunProperties SAID = new RunProperties("faults.", System::getProperty);

	private static final Duration LEASE = Duration.ofMillis(SAID.isLong() ? 10_000 : 3_000);

	private static final List<String> SETTINGS = List.of("--background-jobs.worker.lease=" + LEASE.toMillis() + "ms",
			"--background-jobs.worker.heartbeat=" + LEASE.toMillis() / 5 + "ms");

	private static final List<ServerFault> OUTAGES = SAID.isLong() ? List.of(ServerFault.HANG, ServerFault.CRASH)
			: List.of(ServerFault.HANG);

	/** As many as the nodes have slots. */
	private static final int BODIES = 16;

	/** Two or three do, where the machine lets each of them do its work. */
	private static final int LIVES = 8;

	private static final String JOB = "ledger where number = 0";

	@Test
	void afterAnOutageLongerThanALeaseNoRunningJobIsTakenFromALiveNode() throws Exception {
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				FleetDatabase database = FleetDatabase.open(FleetServer.POSTGRESQL, FleetServer.accessTo(server),
						List.of());
				Fleet fleet = new Fleet(database, SETTINGS)) {
			fleet.start(2);
			database.client().enqueueAll(works());
			await().until(() -> database.count("ledger") == BODIES);
			ServerScene scene = new ServerScene(server, url(database), Duration.ZERO, LEASE);
			for (ServerFault outage : OUTAGES) {
				strike(outage, scene, database, fleet.all().get(1));
			}
			lockJobs(scene, database);
			await().until(() -> database.count("background_job_job") == 0);
			assertThat(database.count("ledger")).as("bodies").isEqualTo(BODIES);
			assertThat(database.count("background_job_history where crashes > 0 or attempts > 0")).isZero();
			assertThat(fleet.all()).allSatisfy((node) -> assertThat(node.log()).doesNotContain("are free again")
				.doesNotContain("was declared dead"));
		}
	}

	// One node is back later than the other, which looks for dead ones meanwhile.
	private static void strike(ServerFault outage, ServerScene scene, FleetDatabase database, NodeProcess late)
			throws Exception {
		late.freeze();
		outage.strike(scene);
		await().ignoreExceptions().until(() -> leased(database) > 0);
		ServerScene.pass(LEASE.dividedBy(3));
		late.thaw();
		await().until(() -> leased(database) == 2);
	}

	// What nodes ask of that table must not cost them their leases.
	private static void lockJobs(ServerScene scene, FleetDatabase database) throws SQLException {
		try (Connection connection = scene.connectToJobs()) {
			connection.setAutoCommit(false);
			ServerScene.execute(connection, "lock table background_job_job in access exclusive mode");
			ServerScene.pass(scene.longerThanLease());
			assertThat(leased(database)).as("leases that were kept").isEqualTo(2);
			connection.commit();
		}
	}

	private static List<Work> works() {
		int millis = (int) LEASE.multipliedBy(4 * OUTAGES.size()).toMillis();
		return IntStream.range(0, BODIES).mapToObj((i) -> Work.taking(i, millis)).toList();
	}

	private static int leased(FleetDatabase database) {
		return database.count("background_job_worker where dead_at is null and expires_at > clock_timestamp()");
	}

	private static String url(FleetDatabase database) throws SQLException {
		try (Connection connection = Objects.requireNonNull(database.jdbc().getDataSource()).getConnection()) {
			return connection.getMetaData().getURL();
		}
	}

	@Test
	void nodesThatCrashTooOftenToOutliveALeaseRecoverWhatTheirPredecessorsHeld() {
		int lives = livesUntilRecovery((database, fleet, life) -> {
			NodeProcess node = fleet.start();
			await().until(() -> fleet.atWork().contains(node));
			ServerScene.pass(LEASE.dividedBy(2));
			node.kill();
		});
		assertThat(lives).as("lives of half a lease").isLessThanOrEqualTo(LIVES);
	}

	@Test
	void nodesThatDieWithTheirFirstJobRecoverWhatTheirPredecessorsHeld() {
		Assumptions.assumeTrue(SAID.isLong(), "In the long form: it takes six starts");
		int lives = livesUntilRecovery((database, fleet, life) -> {
			database.client().job(new Poison(life)).priority(5).enqueue();
			NodeProcess node = fleet.start();
			await().until(() -> !fleet.alive().contains(node) || hasRunAgain(database));
		});
		assertThat(lives).as("lives of one heartbeat").isLessThanOrEqualTo(7);
	}

	private static int livesUntilRecovery(Life life) {
		try (FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);
				Fleet fleet = new Fleet(database, SETTINGS)) {
			NodeProcess first = fleet.start();
			database.client().enqueue(Work.taking(0, 600_000));
			await().until(() -> database.count(JOB) == 1);
			first.kill();
			int lives = 0;
			while (!hasRunAgain(database) && lives < LIVES) {
				life.live(database, fleet, ++lives);
			}
			if (!hasRunAgain(database)) {
				return Integer.MAX_VALUE;
			}
			System.out.println("Outages: the job of a dead node ran again in life " + lives + " after it");
			return lives;
		}
	}

	private static boolean hasRunAgain(FleetDatabase database) {
		return database.count(JOB) > 1;
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(50));
	}

	/**
	 * What a node does before it dies.
	 */
	@FunctionalInterface
	private interface Life {

		void live(FleetDatabase database, Fleet fleet, int number);

	}

}
