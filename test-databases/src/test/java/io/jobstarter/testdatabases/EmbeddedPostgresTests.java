package io.jobstarter.testdatabases;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class EmbeddedPostgresTests {

	@Test
	void answersAsPostgreSql17() {
		assertThat(Sql.query(EmbeddedPostgres.shared(), "select version()")).startsWith("PostgreSQL 17.");
	}

	@Test
	void isConfiguredForTests() {
		EmbeddedPostgres server = EmbeddedPostgres.shared();
		assertThat(setting(server, "max_connections")).isEqualTo("200");
		assertThat(setting(server, "synchronous_commit")).isEqualTo("on");
		assertThat(setting(server, "fsync")).isEqualTo("off");
		assertThat(setting(server, "listen_addresses")).isEqualTo("127.0.0.1");
		assertThat(setting(server, "unix_socket_directories")).isEmpty();
		assertThat(setting(server, "server_encoding")).isEqualTo("UTF8");
	}

	@Test
	void sharesOneServer() {
		assertThat(EmbeddedPostgres.shared()).isSameAs(EmbeddedPostgres.shared());
	}

	@Test
	void createsDatabasesThatDoNotSeeEachOther() {
		EmbeddedPostgres server = EmbeddedPostgres.shared();
		String one = server.createDatabase();
		String other = server.createDatabase();
		Sql.execute(server, one, "create table job (id int)");
		assertThat(Sql.query(server, one, "select to_regclass('job')")).isEqualTo("job");
		assertThat(Sql.query(server, other, "select to_regclass('job')")).isNull();
	}

	@Test
	void takesTheNameOfADatabaseLiterally() {
		EmbeddedPostgres server = EmbeddedPostgres.shared();
		String url = server.createDatabase("Jobs");
		assertThat(url).isEqualTo(server.jdbcUrl("Jobs"));
		assertThat(Sql.query(server, url, "select current_database()")).isEqualTo("Jobs");
		assertThatIllegalStateException().isThrownBy(() -> server.createDatabase("Jobs"));
	}

	@Test
	void prefersTheCallersSettings() {
		PostgresOptions options = PostgresOptions.defaults()
			.withSetting("max_connections", "20")
			.withSetting("log_line_prefix", "it's \\ ");
		try (EmbeddedPostgres server = EmbeddedPostgres.start(options)) {
			assertThat(setting(server, "max_connections")).isEqualTo("20");
			assertThat(setting(server, "log_line_prefix")).isEqualTo("it's \\ ");
		}
	}

	@Test
	void listensOnTheCallersPort() {
		int port = Ports.pickFree();
		try (EmbeddedPostgres server = EmbeddedPostgres.start(PostgresOptions.defaults().withPort(port))) {
			assertThat(server.port()).isEqualTo(port);
			assertThat(Sql.query(server, "select 1")).isEqualTo("1");
		}
	}

	@Test
	void tellsWhatTheServerLoggedWhenItDoesNotStart() {
		PostgresOptions options = PostgresOptions.defaults().withSetting("no_such_setting", "1");
		assertThatIllegalStateException().isThrownBy(() -> EmbeddedPostgres.start(options))
			.withMessageContaining("unrecognized configuration parameter \"no_such_setting\"");
	}

	@Test
	void runsBesideAnother() {
		try (EmbeddedPostgres one = EmbeddedPostgres.start(); EmbeddedPostgres other = EmbeddedPostgres.start()) {
			String id = "select system_identifier from pg_control_system()";
			assertThat(Sql.query(one, id)).isNotEqualTo(Sql.query(other, id));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "STOP", "CRASH" })
	void keepsWhatWasCommittedOver(Incident incident) {
		try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
			Sql.execute(server, server.jdbcUrl(), "create table job as select 42 as id");
			incident.befall(server);
			assertThatThrownBy(() -> Sql.query(server, "select id from job")).hasRootCauseMessage("Connection refused");
			server.restart();
			assertThat(Sql.query(server, "select id from job")).isEqualTo("42");
		}
	}

	@Test
	void restartsWhileItRuns() {
		try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
			String startTime = "select pg_postmaster_start_time()";
			String before = Sql.query(server, startTime);
			server.restart();
			assertThat(Sql.query(server, startTime)).isNotEqualTo(before);
		}
	}

	@Test
	void blocksClientsWhileItHangsAndAnswersThemAfterwards() throws SQLException {
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				Connection patient = Sql.connect(server, server.jdbcUrl());
				Connection impatient = Sql.connect(server, server.jdbcUrl() + "?socketTimeout=1")) {
			server.hang();
			CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> uncheckedQuery(patient, "select 7"));
			assertThatThrownBy(() -> Sql.query(impatient, "select 1"))
				.hasRootCauseInstanceOf(SocketTimeoutException.class);
			assertThat(answer).isNotDone();
			server.resume();
			Awaitility.await().untilAsserted(() -> assertThat(answer).isCompletedWithValue("7"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void leavesNothingBehindWhenClosedAfter(Incident incident) {
		EmbeddedPostgres server = EmbeddedPostgres.start();
		incident.befall(server);
		server.close();
		assertThat(server.directory().root()).doesNotExist();
		assertThat(Ports.isFree(server.port())).isTrue();
	}

	@Test
	void whatWasCommittedIsThereWhenASynchronousStandbyIsPromoted() {
		try (EmbeddedPostgres primary = EmbeddedPostgres.start();
				EmbeddedPostgres standby = primary.startSynchronousStandby()) {
			assertThat(Sql.query(standby, "select pg_is_in_recovery()")).isEqualTo("t");
			Sql.execute(primary, primary.jdbcUrl(), "create table job as select 42 as id");
			primary.crash();
			standby.promote();
			Sql.execute(standby, standby.jdbcUrl(), "update job set id = id + 1");
			assertThat(Sql.query(standby, "select id from job")).isEqualTo("43");
			primary.restartReadOnly();
			assertThat(Sql.query(primary, "select id from job")).isEqualTo("42");
			assertThatIllegalStateException()
				.isThrownBy(() -> Sql.execute(primary, primary.jdbcUrl(), "update job set id = 0"))
				.havingCause()
				.satisfies((cause) -> assertThat(((SQLException) cause).getSQLState()).isEqualTo("25006"));
		}
	}

	@Test
	void letsNobodyElseInWhileItShutsDown() throws SQLException {
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				Connection last = Sql.connect(server, server.jdbcUrl())) {
			server.beginToShutDown();
			Awaitility.await().until(() -> catchThrowable(() -> Sql.query(server, "select 1")) != null);
			assertThat(Sql.query(last, "select 7")).isEqualTo("7");
			server.restart();
			assertThat(Sql.query(server, "select 1")).isEqualTo("1");
		}
	}

	@Test
	void closesTwiceWithoutAnError() {
		EmbeddedPostgres server = EmbeddedPostgres.start();
		server.close();
		server.close();
		assertThatIllegalStateException().isThrownBy(server::hang);
	}

	@Test
	void runsAsNobodyWhereRootHasNoUserNamespaces() throws IOException {
		assumeTrue(Platform.isLinux() && ServerHost.isRoot());
		ServerHost host = ServerHost.choose(List.of(ServerAccount.NOBODY),
				List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp")));
		try (EmbeddedPostgres server = EmbeddedPostgres.start(PostgresOptions.defaults(), host)) {
			assertThat(Files.getAttribute(server.directory().data(), "unix:uid")).isEqualTo(65534);
			Sql.execute(server, server.jdbcUrl(), "create table job as select 42 as id");
			server.hang();
			server.crash();
			server.restart();
			assertThat(Sql.query(server, "select id from job")).isEqualTo("42");
		}
	}

	private static String setting(EmbeddedPostgres server, String name) {
		return Sql.query(server, "show " + name);
	}

	private static String uncheckedQuery(Connection connection, String sql) {
		try {
			return Sql.query(connection, sql);
		}
		catch (SQLException ex) {
			throw new CompletionException(ex);
		}
	}

	/**
	 * What can happen to a server.
	 */
	enum Incident {

		NONE((server) -> {
		}), STOP(EmbeddedPostgres::stop), CRASH(EmbeddedPostgres::crash), HANG(EmbeddedPostgres::hang);

		private final Consumer<EmbeddedPostgres> action;

		Incident(Consumer<EmbeddedPostgres> action) {
			this.action = action;
		}

		void befall(EmbeddedPostgres server) {
			this.action.accept(server);
		}

	}

}
