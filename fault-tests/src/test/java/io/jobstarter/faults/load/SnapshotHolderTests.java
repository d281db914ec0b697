package io.jobstarter.faults.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Somebody holds an old snapshot: a node says who.
 */
class SnapshotHolderTests {

	private static final List<String> WARN_SOON = List.of("--background-jobs.metrics.vacuum-warning=1s");

	/** Nodes look once a minute. */
	private static final Duration PATIENCE = Duration.ofSeconds(150);

	@Test
	void aTransactionOnPostgresqlIsNamed() throws SQLException {
		assertNamed(FleetServer.POSTGRESQL, "set application_name = 'nightly-report'",
				"start transaction isolation level repeatable read", "select cast(pg_backend_pid() as varchar)",
				"(application nightly-report, user postgres, state idle in transaction)");
	}

	@Test
	void aTransactionOnMariaDbIsNamed() throws SQLException {
		assumeTrue(FleetServer.available().contains(FleetServer.MARIADB), "MariaDB is not installed");
		assertNamed(FleetServer.MARIADB, "set @nobody = 1", "start transaction with consistent snapshot",
				"select cast(connection_id() as char)", "(application unknown, user root, state Sleep)");
	}

	private static void assertNamed(FleetServer server, String introduction, String begin, String whoAmI, String who)
			throws SQLException {
		try (FleetDatabase database = FleetDatabase.create(server);
				Fleet fleet = new Fleet(database, WARN_SOON);
				Connection report = Objects.requireNonNull(database.jdbc().getDataSource()).getConnection()) {
			String pid = hold(report, introduction, begin, whoAmI);
			NodeProcess node = fleet.start();
			Awaitility.await().atMost(PATIENCE).until(() -> node.log().contains("An old snapshot"));
			assertThat(node.log()).contains("It is the session with pid " + pid + " " + who);
		}
	}

	// The pool ends the transaction when it closes the connection.
	private static String hold(Connection report, String introduction, String begin, String whoAmI)
			throws SQLException {
		try (Statement statement = report.createStatement()) {
			statement.execute(introduction);
			statement.execute(begin);
		}
		return String.valueOf(
				new JdbcTemplate(new SingleConnectionDataSource(report, true)).queryForObject(whoAmI, String.class));
	}

}
