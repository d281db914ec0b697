package io.jobstarter.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NetworkPatienceTests {

	private Connection connection;

	@BeforeEach
	void connect() throws SQLException {
		EmbeddedPostgres server = EmbeddedPostgres.shared();
		this.connection = DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
	}

	@AfterEach
	void close() throws SQLException {
		this.connection.close();
	}

	@Test
	void aConnectionIsAsPatientAsBeforeWhenItIsGivenBack() throws SQLException {
		int before = NetworkPatience.impose(this.connection);
		assertThat(this.connection.getNetworkTimeout()).isEqualTo(20_000);
		NetworkPatience.lift(this.connection, before);
		assertThat(this.connection.getNetworkTimeout()).isZero();
	}

	@Test
	void aShorterTimeoutIsKept() throws SQLException {
		this.connection.setNetworkTimeout(Runnable::run, 7_000);
		int before = NetworkPatience.impose(this.connection);
		assertThat(this.connection.getNetworkTimeout()).isEqualTo(7_000);
		NetworkPatience.lift(this.connection, before);
		assertThat(this.connection.getNetworkTimeout()).isEqualTo(7_000);
	}

	@Test
	void aStepInAHurryWaitsForLessAndOthersDoNot() throws Exception {
		assertThat(NetworkPatience.within(Duration.ofSeconds(3), () -> {
			NetworkPatience.impose(this.connection);
			return Duration.ofMillis(this.connection.getNetworkTimeout());
		}).run()).isEqualTo(Duration.ofSeconds(3));
		this.connection.setNetworkTimeout(Runnable::run, 0);
		NetworkPatience.impose(this.connection);
		assertThat(this.connection.getNetworkTimeout()).isEqualTo(20_000);
	}

	@Test
	void aConnectionThatIsClosedMeetsNoError() throws SQLException {
		this.connection.close();
		NetworkPatience.lift(this.connection, NetworkPatience.impose(this.connection));
		assertThat(this.connection.isClosed()).isTrue();
	}

}
