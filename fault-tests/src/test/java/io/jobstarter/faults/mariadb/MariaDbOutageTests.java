package io.jobstarter.faults.mariadb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.LoopLines;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.faults.kill.Scenario;
import io.jobstarter.faults.kill.Workload;
import io.jobstarter.faults.oracle.PlannedJob;
import io.jobstarter.faults.oracle.PlannedJob.Placement;
import io.jobstarter.faults.oracle.Timeline;
import io.jobstarter.faults.oracle.Verdict;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that is away, or refuses to write, while two nodes work on it.
 */
class MariaDbOutageTests {

	private static final Duration RESUME = Duration.ofSeconds(10);

	private static final int LONG_JOBS = 2;

	private static final int FIRST_LONG_JOB = 1_000_000;

	private final RunProperties properties = new RunProperties("faults.", System::getProperty);

	private final boolean isLong = this.properties.isLong();

	private final Duration lease = Duration.ofSeconds(this.isLong ? 10 : 2);

	private final Scenario scenario = new Scenario(FleetServer.MARIADB, this.properties.seed(), 2, 20_000, 8,
			this.lease, this.isLong ? Duration.ofSeconds(2) : Duration.ofMillis(250), Duration.ofSeconds(1),
			Duration.ofMillis(100));

	private final List<Integer> longJobs = new ArrayList<>();

	private EmbeddedMariaDb server;

	private FleetDatabase database;

	private Fleet fleet;

	private JdbcTemplate operator;

	@BeforeEach
	void startFleet() {
		Assumptions.assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		this.server = EmbeddedMariaDb.start();
		this.operator = new JdbcTemplate(
				new DriverManagerDataSource(this.server.jdbcUrl(), this.server.username(), this.server.password()));
		this.database = FleetDatabase.open(FleetServer.MARIADB, accessOfAnApplication(),
				List.of("--logging.level.com.zaxxer.hikari=error", "--logging.level.org.mariadb=error"));
		this.fleet = new Fleet(this.database, this.scenario.nodeSettings());
		this.fleet.start(2);
	}

	// The administrator may write although the server is read-only.
	private FleetServer.Access accessOfAnApplication() {
		FleetServer.Access access = FleetServer.accessTo(this.server);
		this.operator.execute("create user application@'127.0.0.1' identified by 'secret'");
		this.operator.execute("grant all on *.* to application@'127.0.0.1'");
		this.operator.execute("revoke super, read_only admin on *.* from application@'127.0.0.1'");
		return new FleetServer.Access(access.url(), "application", "secret", List.of());
	}

	@AfterEach
	void close() {
		Stream.<AutoCloseable>of(this.fleet, this.database, this.server).filter((one) -> one != null).forEach((one) -> {
			try {
				one.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	@Test
	void nodesResumeAfterEachOutageAndNoRunningJobIsTakenFromThem() throws Exception {
		System.out.println("Outages of MariaDB: -Dfaults.seed=" + this.scenario.seed());
		try (Workload workload = new Workload(this.scenario, this.database, this.fleet)) {
			workload.start();
			Duration moreThanTheLease = this.lease.plusSeconds(1);
			survive(workload, "crash", moreThanTheLease, this.server::crash, this.server::restart);
			survive(workload, "read-only", Duration.ofSeconds(1), () -> setReadOnly(1), () -> setReadOnly(0));
			survive(workload, "hang", this.isLong ? moreThanTheLease : Duration.ofSeconds(1), this.server::hang,
					this.server::resume);
			if (this.isLong) {
				survive(workload, "stop", Duration.ofSeconds(1), this.server::stop, this.server::restart);
			}
			Verdict verdict = workload.finish();
			System.out.println("Outages of MariaDB: " + verdict.summary());
			assertThat(verdict.isGood()).withFailMessage(verdict::explanation).isTrue();
		}
		assertThat(this.longJobs).allSatisfy((number) -> {
			assertThat(this.database.count("ledger where number = " + number)).as("starts of job " + number).isOne();
		});
		assertThat(this.database.count("background_job_history where crashes > 0")).as("jobs that were taken").isZero();
		assertThat(this.database.count("background_job_worker where dead_at is not null")).isZero();
		for (NodeProcess node : this.fleet.all()) {
			assertThat(LoopLines.tooMany(node)).isEmpty();
			System.out.println(node.name() + " complained " + LoopLines.complaints(node) + " times");
		}
	}

	private void survive(Workload workload, String what, Duration outage, Runnable breakIt, Runnable mend) {
		startLongJobs(workload, outage.plusSeconds(1));
		breakIt.run();
		Awaitility.await().pollDelay(outage).atMost(outage.plusSeconds(60)).until(() -> true);
		mend.run();
		long back = System.nanoTime();
		String now = this.operator.queryForObject("select current_timestamp(6)", String.class);
		String utc = this.operator.queryForObject("select utc_timestamp(6)", String.class);
		Awaitility.await(what)
			.atMost(RESUME)
			.pollInterval(Duration.ofMillis(50))
			.ignoreExceptions()
			.until(() -> areAllAtWorkSince(now, utc));
		System.out.println("Outages of MariaDB: after " + what + " of " + Timeline.seconds(outage)
				+ " both nodes worked in " + Timeline.seconds(Duration.ofNanos(System.nanoTime() - back)));
	}

	private boolean areAllAtWorkSince(String time, String utc) {
		return this.database.count("(select distinct node from ledger where started_at > '" + time + "') n") == 2
				&& this.database.count("background_job_history where finished_at > '" + utc + "'") > 0;
	}

	private void startLongJobs(Workload workload, Duration length) {
		List<Integer> numbers = new ArrayList<>();
		for (int i = 0; i < LONG_JOBS; i++) {
			int number = FIRST_LONG_JOB + this.longJobs.size();
			workload.enqueue(new PlannedJob(number, false, (int) length.toMillis(), 0, null,
					new Placement("default", 9, 0, false)));
			this.longJobs.add(number);
			numbers.add(number);
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.database.count("ledger where number >= " + numbers.get(0)) == LONG_JOBS);
	}

	private void setReadOnly(int value) {
		this.operator.execute("set global read_only = " + value);
	}

}
