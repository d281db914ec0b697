package io.jobstarter.testdatabases;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class EmbeddedMariaDbTests {

	@BeforeAll
	static void isInstalled() {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
	}

	@Test
	void isReachedByLoopbackAlone() {
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		assertThat(EmbeddedMariaDb.shared()).isSameAs(server);
		assertThat(Sql.query(server, "select version()")).contains("MariaDB");
		assertThat(Sql.query(server, "select @@bind_address")).isEqualTo("127.0.0.1");
	}

	@Test
	void createsDatabasesThatDoNotSeeEachOther() {
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		String one = server.createDatabase();
		String other = server.createDatabase();
		Sql.execute(server, one, "create table job (id int)");
		assertThat(Sql.query(server, one, "select count(*) from job")).isEqualTo("0");
		assertThatIllegalStateException().isThrownBy(() -> Sql.query(server, other, "select count(*) from job"));
	}

	@Test
	void keepsWhatWasCommittedOverStopsAndCrashes() {
		try (EmbeddedMariaDb server = EmbeddedMariaDb.start()) {
			String url = server.createDatabase();
			Sql.execute(server, url, "create table job as select 42 as id");
			for (Incident incident : List.of(Incident.STOP, Incident.CRASH)) {
				incident.befall(server);
				assertThatIllegalStateException().isThrownBy(() -> Sql.query(server, url, "select id from job"))
					.havingRootCause()
					.isInstanceOf(SocketException.class);
				server.restart();
				assertThat(Sql.query(server, url, "select id from job")).isEqualTo("42");
			}
		}
	}

	@Test
	void blocksClientsWhileItHangs() throws SQLException {
		try (EmbeddedMariaDb server = EmbeddedMariaDb.start();
				Connection impatient = Sql.connect(server, server.jdbcUrl() + "?socketTimeout=500")) {
			server.hang();
			assertThatThrownBy(() -> Sql.query(impatient, "select 1"))
				.hasRootCauseInstanceOf(SocketTimeoutException.class);
			server.resume();
			assertThat(Sql.query(server, "select 7")).isEqualTo("7");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "NONE", "HANG" })
	void leavesNothingBehindWhenClosedAfter(Incident incident) {
		EmbeddedMariaDb server = EmbeddedMariaDb.start();
		incident.befall(server);
		server.close();
		assertThat(server.directory().root()).doesNotExist();
		assertThat(Ports.isFree(server.port())).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "running", "hanging" })
	void leavesNothingBehindAKilledJvm(String state) throws IOException {
		Process jvm = ChildJvm.start(ServerMain.class, state);
		String[] line = ChildJvm.readLine(jvm).split(" ", 2);
		Path directory = Path.of(line[1]);
		assertThat(directory).exists();
		jvm.destroyForcibly();
		Awaitility.await().untilAsserted(() -> assertThat(directory).doesNotExist());
		assertThat(Ports.isFree(Integer.parseInt(line[0]))).isTrue();
	}

	@Test
	void runsAsNobodyWhereRootHasNoUserNamespaces() throws IOException {
		assumeTrue(Platform.isLinux() && ServerHost.isRoot());
		ServerHost host = ServerHost.choose(List.of(ServerAccount.NOBODY),
				List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp")));
		try (EmbeddedMariaDb server = EmbeddedMariaDb.start(host)) {
			assertThat(Files.getAttribute(server.directory().data(), "unix:uid")).isEqualTo(65534);
			assertThat(Sql.query(server, "select 7")).isEqualTo("7");
		}
	}

	/**
	 * What can happen to a server.
	 */
	enum Incident {

		NONE((server) -> {
		}), STOP(EmbeddedServer::stop), CRASH(EmbeddedServer::crash), HANG(EmbeddedServer::hang);

		private final Consumer<EmbeddedServer> action;

		Incident(Consumer<EmbeddedServer> action) {
			this.action = action;
		}

		void befall(EmbeddedServer server) {
			this.action.accept(server);
		}

	}

	/**
	 * Starts a server, brings it into a state, tells its port and directory, and waits to
	 * be killed.
	 */
	static final class ServerMain {

		private ServerMain() {
		}

		public static void main(String[] args) throws InterruptedException {
			EmbeddedMariaDb server = EmbeddedMariaDb.start();
			if (args[0].equals("hanging")) {
				server.hang();
			}
			System.out.println(server.port() + " " + server.directory().root());
			Thread.currentThread().join();
		}

	}

}
