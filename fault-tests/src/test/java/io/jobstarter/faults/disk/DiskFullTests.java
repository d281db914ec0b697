package io.jobstarter.faults.disk;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.LoopLines;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.faults.kill.Scenario;
import io.jobstarter.faults.kill.Workload;
import io.jobstarter.faults.oracle.Timeline;
import io.jobstarter.faults.oracle.Verdict;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A PostgreSQL whose tables have no room to grow while nodes work on them.
 */
class DiskFullTests {

	private static final String DISK_FULL = "53100";

	private static final int MEGABYTES = 32;

	/** More than the pages have room for that are there already. */
	private static final int TOO_MANY = 20_000;

	private static final Duration RESUME = Duration.ofSeconds(10);

	private final RunProperties properties = new RunProperties("faults.", System::getProperty);

	private final boolean isLong = this.properties.isLong();

	private final Duration lease = Duration.ofSeconds(this.isLong ? 10 : 2);

	private final Scenario scenario = new Scenario(FleetServer.POSTGRESQL, this.properties.seed(), 2, 20_000, 8,
			this.lease, this.isLong ? Duration.ofSeconds(2) : Duration.ofMillis(250), Duration.ofSeconds(1),
			Duration.ofMillis(100));

	@Test
	void nodesGoOnWhereTheyStoodWhenThereIsRoomAgain() throws Exception {
		Optional<SmallDisk> mounted = SmallDisk.mount(MEGABYTES);
		Assumptions.assumeTrue(mounted.isPresent(), "Only root can make a small disk, and not everywhere");
		System.out.println("Disk full: -Dfaults.seed=" + this.scenario.seed());
		try (SmallDisk disk = mounted.get();
				EmbeddedPostgres server = EmbeddedPostgres.start();
				FleetDatabase database = FleetDatabase.open(FleetServer.POSTGRESQL, onDisk(server, disk), List.of());
				Fleet fleet = new Fleet(database, this.scenario.nodeSettings());
				Workload workload = new Workload(this.scenario, database, fleet)) {
			fleet.start(2);
			workload.start();
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> database.count("background_job_history") > 100);
			disk.fill();
			enqueueFailsAndLeavesNothing(database);
			fleet.all().get(1).kill();
			// Longer than the lease of that node: its jobs are to be recovered on a full
			// disk.
			Duration full = this.lease.plusSeconds(1);
			Awaitility.await().pollDelay(full).atMost(full.plusSeconds(60)).until(() -> true);
			disk.free();
			awaitResumed(database);
			Verdict verdict = workload.finish();
			System.out.println("Disk full: " + verdict.summary());
			assertThat(verdict.isGood()).withFailMessage(verdict::explanation).isTrue();
			assertThat(fleet.all()).anyMatch((node) -> node.log().contains("No space left on device"));
			for (NodeProcess node : fleet.all()) {
				assertThat(LoopLines.tooMany(node)).isEmpty();
				System.out.println(node.name() + " complained " + LoopLines.complaints(node) + " times");
			}
		}
	}

	private static FleetServer.Access onDisk(EmbeddedPostgres server, SmallDisk disk) {
		JdbcTemplate operator = new JdbcTemplate(
				new DriverManagerDataSource(server.jdbcUrl(), server.username(), server.password()));
		String data = operator.queryForObject("show data_directory", String.class);
		Path directory = disk.directoryFor(Path.of(String.valueOf(data)));
		operator.execute("create tablespace small location '" + directory + "'");
		operator.execute("create database small tablespace small");
		return new FleetServer.Access(server.jdbcUrl("small"), server.username(), server.password(), List.of());
	}

	private static void enqueueFailsAndLeavesNothing(FleetDatabase database) {
		List<Work> many = IntStream.range(0, TOO_MANY).mapToObj((i) -> Work.taking(-1, 1)).toList();
		DataAccessException told = catchThrowableOfType(DataAccessException.class,
				() -> database.client().enqueueAll(many));
		assertThat(NestedExceptionUtils.getMostSpecificCause(told)).isInstanceOfSatisfying(SQLException.class,
				(cause) -> assertThat(cause.getSQLState()).isEqualTo(DISK_FULL));
		assertThat(database.count("background_job_job where payload like '%-1%'")).isZero();
	}

	private static void awaitResumed(FleetDatabase database) {
		long back = System.nanoTime();
		int started = database.count("ledger");
		int ended = database.count("background_job_history");
		Awaitility.await()
			.atMost(RESUME)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> database.count("ledger") > started && database.count("background_job_history") > ended);
		System.out.println(
				"Disk full: nodes worked again after " + Timeline.seconds(Duration.ofNanos(System.nanoTime() - back)));
	}

}
