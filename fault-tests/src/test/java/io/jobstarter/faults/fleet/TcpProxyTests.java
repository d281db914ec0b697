package io.jobstarter.faults.fleet;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.jobstarter.faults.fleet.TcpProxy.Direction;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Every fault is what it says, to a client of a real server.
 */
class TcpProxyTests {

	private static final String OTHER_SESSIONS = """
			pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
			""";

	private final EmbeddedPostgres server = EmbeddedPostgres.shared();

	private final String database = this.server.createDatabase();

	private final TcpProxy proxy = TcpProxy.to(this.server.port());

	@AfterEach
	void close() {
		this.proxy.close();
	}

	@Test
	void passesWhatIsSent() throws SQLException {
		try (Connection connection = connect()) {
			assertThat(count(connection, "generate_series(1, 100000)")).isEqualTo(100_000);
			assertThat(this.proxy.connections()).isOne();
		}
	}

	@Test
	void aResetEndsWhatIsConnectedAndNothingElse() throws SQLException {
		try (Connection connection = connect()) {
			this.proxy.reset();
			assertBroken(connection);
		}
		passesWhatIsSent();
	}

	@Test
	void aRefusalEndsEveryConnectionUntilItIsOver() throws SQLException {
		this.proxy.refuse();
		assertThatExceptionOfType(SQLException.class).isThrownBy(this::connect);
		this.proxy.pass();
		passesWhatIsSent();
	}

	@Test
	void aBlackholeSwallowsRequestsWithoutAWordToTheServer() throws SQLException {
		try (Connection connection = connectImpatiently()) {
			this.proxy.blackhole(Direction.TO_SERVER);
			assertBroken(connection);
			try (Connection direct = direct()) {
				assertThat(count(direct, OTHER_SESSIONS)).as("sessions that the server takes for alive").isOne();
			}
		}
		this.proxy.pass();
		passesWhatIsSent();
	}

	@Test
	void aBlackholeOfRepliesLetsTheServerDoWhatItIsAsked() throws SQLException {
		try (Connection connection = connectImpatiently(); Connection direct = direct()) {
			execute(connection, "create table done (n int)");
			this.proxy.blackhole(Direction.TO_CLIENT);
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> execute(connection, "insert into done values (1)"));
			Awaitility.await().until(() -> count(direct, "done") == 1);
		}
	}

	@Test
	void aConnectionIsCutInTheMidstOfAReply() throws SQLException {
		try (Connection connection = connect()) {
			this.proxy.cutAfter(Direction.TO_CLIENT, 1_000);
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> execute(connection, "select repeat('x', 5000)"));
			assertThat(this.proxy.struck()).isOne();
		}
	}

	@Test
	void theReplyToACommitIsLostAndTheCommitIsNot() throws SQLException {
		try (Connection connection = connectImpatiently(); Connection direct = direct()) {
			execute(connection, "create table done (n int)");
			connection.setAutoCommit(false);
			execute(connection, "insert into done values (1)");
			this.proxy.dropReply(TcpProxy.REPLY_TO_COMMIT);
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit);
			assertThat(count(direct, "done")).isOne();
		}
		assertThat(this.proxy.struck()).isOne();
		passesWhatIsSent();
	}

	@Test
	void aDelayIsAtLeastAsLong() throws SQLException {
		try (Connection connection = connect()) {
			this.proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(200));
			long start = System.nanoTime();
			execute(connection, "select 1");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
		}
	}

	private void assertBroken(Connection connection) {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute(connection, "select 1"));
	}

	private Connection connect() throws SQLException {
		String url = this.database.replace(":" + this.server.port(), ":" + this.proxy.port());
		return DriverManager.getConnection(url + "?socketTimeout=30&loginTimeout=30", this.server.username(), "");
	}

	// Where what is asked is answered by nobody. Not while it connects, which may take a
	// while.
	private Connection connectImpatiently() throws SQLException {
		Connection connection = connect();
		connection.setNetworkTimeout(Runnable::run, 1_500);
		return connection;
	}

	private Connection direct() throws SQLException {
		return DriverManager.getConnection(this.database, this.server.username(), "");
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static int count(Connection connection, String from) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("select count(*) from " + from)) {
			rows.next();
			return rows.getInt(1);
		}
	}

}
