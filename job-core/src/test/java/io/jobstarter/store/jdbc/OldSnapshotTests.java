package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.store.DatabaseWatch.Holder;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.EmbeddedServer;
import io.jobstarter.testdatabases.PostgresOptions;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Whoever holds an old snapshot is named by what the database tells of itself.
 */
class OldSnapshotTests {

	@Test
	void aTransactionOnPostgresqlIsNamedWhileItHoldsItsSnapshot() throws SQLException {
		EmbeddedPostgres postgres = EmbeddedPostgres.shared();
		String url = postgres.createDatabase();
		try (HikariDataSource pool = pool(url, postgres);
				Connection report = connect(url + "?ApplicationName=nightly-report", postgres)) {
			StoreFixture fixture = new StoreFixture(pool, "background_job_");
			String pid = hold(report, "select cast(pg_backend_pid() as varchar)");
			Holder holder = named(holders(fixture), pid);
			assertThat(holder.kind()).isEqualTo("session");
			assertThat(holder.application()).isEqualTo("nightly-report");
			assertThat(holder.user()).isEqualTo(postgres.username());
			assertThat(holder.state()).isEqualTo("idle in transaction");
			assertThat(holder.horizon()).isNotEmpty();
			await().until(() -> isOlderThanASecond(named(holders(fixture), pid)));
			report.rollback();
			assertThat(holders(fixture)).extracting(Holder::name).doesNotContain(pid);
		}
	}

	@Test
	void theOldestOfManyIsNamedFirst() throws SQLException {
		EmbeddedPostgres postgres = EmbeddedPostgres.shared();
		String url = postgres.createDatabase();
		try (HikariDataSource pool = pool(url, postgres); Connection old = connect(url, postgres)) {
			StoreFixture fixture = new StoreFixture(pool, "background_job_");
			String pid = hold(old, "select cast(pg_backend_pid() as varchar)");
			fixture.enqueue(1, "mail", "default");
			try (Connection young = connect(url, postgres)) {
				hold(young, "select cast(pg_backend_pid() as varchar)");
				assertThat(holders(fixture).get(0).name()).isEqualTo(pid);
			}
		}
	}

	@Test
	void aPreparedTransactionIsNamed() throws SQLException {
		PostgresOptions options = PostgresOptions.defaults().withSetting("max_prepared_transactions", "2");
		try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
			String url = postgres.createDatabase();
			try (HikariDataSource pool = pool(url, postgres); Connection broker = connect(url, postgres)) {
				StoreFixture fixture = new StoreFixture(pool, "background_job_");
				execute(broker, "begin");
				execute(broker, "create table of_the_broker (id int)");
				execute(broker, "prepare transaction 'branch-7'");
				Holder holder = named(holders(fixture), "branch-7");
				assertThat(holder.kind()).isEqualTo("prepared transaction");
				assertThat(holder.user()).isEqualTo(postgres.username());
				assertThat(holder.age()).isNotNull();
				execute(broker, "rollback prepared 'branch-7'");
				assertThat(holders(fixture)).extracting(Holder::name).doesNotContain("branch-7");
			}
		}
	}

	@Test
	void aTransactionOnMariaDbIsNamedWhileItHoldsItsSnapshot() throws SQLException {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		String url = server.createDatabase();
		try (HikariDataSource pool = pool(url, server); Connection report = connect(url, server)) {
			StoreFixture fixture = new StoreFixture(pool, "background_job_");
			execute(report, "start transaction with consistent snapshot");
			String id = string(report, "select cast(connection_id() as char)");
			Holder holder = named(holders(fixture), id);
			assertThat(holder.kind()).isEqualTo("session");
			assertThat(holder.user()).isEqualTo(server.username());
			assertThat(holder.state()).isEqualTo("Sleep");
			await().until(() -> isOlderThanASecond(named(holders(fixture), id)));
			execute(report, "rollback");
			// The server shows what it knew a tenth of a second ago.
			await().untilAsserted(() -> assertThat(holders(fixture)).extracting(Holder::name).doesNotContain(id));
		}
	}

	private static boolean isOlderThanASecond(Holder holder) {
		Duration age = holder.age();
		return age != null && age.compareTo(Duration.ofSeconds(1)) >= 0;
	}

	private static Holder named(List<Holder> holders, String name) {
		return holders.stream().filter((holder) -> holder.name().equals(name)).findFirst().orElseThrow();
	}

	private static List<Holder> holders(StoreFixture fixture) {
		return fixture.stores.databaseWatch().orElseThrow().look().holders();
	}

	private static HikariDataSource pool(String url, EmbeddedServer server) {
		return Pools.open(url, server.username(), server.password());
	}

	private static Connection connect(String url, EmbeddedServer server) throws SQLException {
		return new DriverManagerDataSource(url, server.username(), server.password()).getConnection();
	}

	private static String hold(Connection connection, String query) throws SQLException {
		connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
		connection.setAutoCommit(false);
		return string(connection, query);
	}

	private static void execute(Connection connection, String statement) throws SQLException {
		try (Statement each = connection.createStatement()) {
			each.execute(statement);
		}
	}

	private static String string(Connection connection, String query) {
		return String.valueOf(
				new JdbcTemplate(new SingleConnectionDataSource(connection, true)).queryForObject(query, String.class));
	}

}
