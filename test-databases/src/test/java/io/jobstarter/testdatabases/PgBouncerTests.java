package io.jobstarter.testdatabases;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class PgBouncerTests {

	private static final String SESSION = "select pg_backend_pid()";

	private final EmbeddedPostgres postgres = EmbeddedPostgres.shared();

	@BeforeAll
	static void isInstalled() {
		assumeTrue(PgBouncer.isAvailable(), "PgBouncer is not installed");
	}

	@Test
	void givesOneSessionToSeveralClientsInTransactionMode() throws SQLException {
		assertThat(sessionsOfThreeClients(PgBouncerOptions.defaults().withPoolSize(1))).hasSize(1);
	}

	@Test
	void givesEachClientASessionInSessionMode() throws SQLException {
		assertThat(sessionsOfThreeClients(PgBouncerOptions.defaults().withPoolMode("session"))).hasSize(3);
	}

	private Set<String> sessionsOfThreeClients(PgBouncerOptions options) throws SQLException {
		try (PgBouncer pooler = PgBouncer.inFrontOf(this.postgres, options)) {
			String url = pooler.url("postgres");
			try (Connection one = connect(url); Connection other = connect(url); Connection third = connect(url)) {
				return new TreeSet<>(
						List.of(Sql.query(one, SESSION), Sql.query(other, SESSION), Sql.query(third, SESSION)));
			}
		}
	}

	@Test
	void leadsToDatabasesThatItCreates() {
		PgBouncer pooler = PgBouncer.shared();
		String name = pooler.createDatabase();
		for (String url : List.of(pooler.url(name), pooler.bareUrl(name), pooler.directUrl(name))) {
			assertThat(Sql.query(this.postgres, url, "select current_database()")).isEqualTo(name);
		}
	}

	@Test
	void comesBackOnTheSamePort() throws SQLException {
		try (PgBouncer pooler = PgBouncer.inFrontOf(this.postgres)) {
			String url = pooler.url("postgres");
			try (Connection connection = connect(url)) {
				pooler.crash();
				assertThatThrownBy(() -> Sql.query(connection, "select 1")).isInstanceOf(SQLException.class);
				assertThatThrownBy(() -> connect(url)).hasRootCauseMessage("Connection refused");
			}
			pooler.restart();
			assertThat(Sql.query(this.postgres, url, "select 1")).isEqualTo("1");
			pooler.restart();
			assertThat(Sql.query(this.postgres, url, "select 1")).isEqualTo("1");
		}
	}

	@Test
	void tellsWhatItLoggedWhenItDoesNotStart() {
		PgBouncerOptions options = PgBouncerOptions.defaults().withPoolMode("no_such_mode");
		assertThatIllegalStateException().isThrownBy(() -> PgBouncer.inFrontOf(this.postgres, options))
			.withMessageContaining("no_such_mode");
	}

	@Test
	void leavesNothingBehindAndCanBeClosedTwice() {
		PgBouncer pooler = PgBouncer.inFrontOf(this.postgres);
		pooler.close();
		pooler.close();
		assertThat(pooler.directory().root()).doesNotExist();
		assertThat(Ports.isFree(pooler.port())).isTrue();
	}

	@Test
	void leavesNothingBehindAKilledJvm() throws IOException {
		Process jvm = ChildJvm.start(PoolerMain.class);
		String[] line = ChildJvm.readLine(jvm).split(" ", 2);
		int port = Integer.parseInt(line[0]);
		assertThat(Ports.isFree(port)).isFalse();
		jvm.destroyForcibly();
		Awaitility.await().until(() -> Ports.isFree(port));
		Awaitility.await().untilAsserted(() -> assertThat(Path.of(line[1])).doesNotExist());
	}

	private Connection connect(String url) throws SQLException {
		return Sql.connect(this.postgres, url);
	}

	/**
	 * Starts a pooler, tells its port and directory, and waits to be killed.
	 */
	static final class PoolerMain {

		private PoolerMain() {
		}

		public static void main(String[] args) throws InterruptedException {
			PgBouncer pooler = PgBouncer.inFrontOf(EmbeddedPostgres.start());
			System.out.println(pooler.port() + " " + pooler.directory().root());
			Thread.currentThread().join();
		}

	}

}
