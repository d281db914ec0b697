package io.jobstarter.faults.mariadb;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import io.jobstarter.faults.CrossingJobs.Cross;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.LoopLines;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What InnoDB gives up: a transaction that met another one (1213), and a statement that
 * has waited for a lock for too long (1205).
 */
class MariaDbConflictTests {

	private static final int JOBS = 6;

	/** The engine's statements wait for 5 s. */
	private static final Duration LOCKED = Duration.ofSeconds(6);

	private static final Duration RESUME = Duration.ofSeconds(10);

	private FleetDatabase database;

	private Fleet fleet;

	@BeforeEach
	void startFleet() {
		Assumptions.assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		this.database = FleetDatabase.create(FleetServer.MARIADB);
		this.fleet = new Fleet(this.database,
				List.of("--background-jobs.worker.lease=30s", "--background-jobs.worker.heartbeat=2s"));
		this.fleet.start(1);
	}

	@AfterEach
	void close() {
		if (this.fleet != null) {
			this.fleet.close();
			this.database.close();
		}
	}

	@Test
	void whatTheServerGivesUpIsMadeAgainAndUsesUpNoAttempt() throws Exception {
		this.database.jdbc().execute("create table crossing (id int primary key, met int not null)");
		this.database.jdbc().execute("insert into crossing values (1, 0), (2, 0)");
		long before = deadlocks();
		this.database.client()
			.enqueueAll(IntStream.range(0, JOBS).mapToObj((i) -> new Cross(i, 1 + i % 2, 2 - i % 2)).toList());
		await(Duration.ofSeconds(60)).until(() -> this.database.count("background_job_job") == 0);
		assertThat(deadlocks() - before).as("deadlocks by the server's count").isPositive();
		assertThat(this.database.effects()).hasSize(JOBS).doesNotHaveDuplicates();
		assertThat(this.database.count("crossing where met = " + JOBS)).isEqualTo(2);
		assertThat(this.database.count("background_job_history where state = 'SUCCEEDED' and attempts = 0"))
			.isEqualTo(JOBS);
		if (new RunProperties("faults.", System::getProperty).isLong()) {
			goOnWhereJobsWereLocked();
		}
	}

	private void goOnWhereJobsWereLocked() throws Exception {
		this.database.client()
			.enqueueAll(IntStream.range(JOBS, 2 * JOBS).mapToObj((i) -> Work.taking(i, 1_000)).toList());
		await(Duration.ofSeconds(10)).until(() -> this.database.count("ledger where number >= " + JOBS) == JOBS);
		try (Connection connection = Objects.requireNonNull(this.database.jdbc().getDataSource()).getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("lock tables background_job_job write");
			Awaitility.await().pollDelay(LOCKED).atMost(LOCKED.plusSeconds(60)).until(() -> true);
			statement.execute("unlock tables");
		}
		await(RESUME).until(() -> this.database.count("background_job_job") == 0);
		assertThat(this.database.count("ledger where number >= " + JOBS)).as("starts").isEqualTo(JOBS);
		assertThat(this.database.count("background_job_history where state = 'SUCCEEDED' and attempts = 0"))
			.isEqualTo(2 * JOBS);
		assertThat(LoopLines.tooMany(this.fleet.all().get(0))).isEmpty();
	}

	private long deadlocks() {
		return Objects.requireNonNull(this.database.jdbc()
			.queryForObject("show global status like 'Innodb_deadlocks'", (row, number) -> row.getLong(2)));
	}

	private static ConditionFactory await(Duration limit) {
		return Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(50));
	}

}
