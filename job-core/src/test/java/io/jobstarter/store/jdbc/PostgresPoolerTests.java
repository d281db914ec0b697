package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.PgBouncer;
import io.jobstarter.testdatabases.PgBouncerOptions;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What can be seen of a pooler.
 */
class PostgresPoolerTests {

	private final EmbeddedPostgres postgres = EmbeddedPostgres.shared();

	private final List<AutoCloseable> toClose = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.toClose) {
			closeable.close();
		}
	}

	private PgBouncer start(PgBouncerOptions options) {
		assumeTrue(PgBouncer.isAvailable(), "PgBouncer is not installed");
		PgBouncer pooler = PgBouncer.inFrontOf(this.postgres, options);
		this.toClose.add(0, pooler);
		return pooler;
	}

	private HikariDataSource pool(String url) {
		HikariDataSource pool = Pools.open(url, this.postgres.username(), this.postgres.password());
		this.toClose.add(0, pool);
		return pool;
	}

	@Test
	void thereIsNoneBeforeADirectConnection() throws SQLException {
		DataSource direct = pool(this.postgres.jdbcUrl());
		assertThat(PostgresPooler.before(direct, direct)).isEmpty();
	}

	@Test
	void thereIsNoneBeforeAnotherDatabase() throws SQLException {
		JdbcDataSource h2 = new JdbcDataSource();
		h2.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
		assertThat(PostgresPooler.before(h2, h2)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 5 })
	void aPoolerInTransactionModeSharesSessionsAndKeepsNames(int poolSize) throws SQLException {
		PgBouncer pooler = start(PgBouncerOptions.defaults().withPoolSize(poolSize));
		DataSource application = pool(pooler.bareUrl(pooler.createDatabase()));
		assertThat(PostgresPooler.before(application, application)).hasValue(new PostgresPooler(true, true, 5));
	}

	@Test
	void sharingIsSeenWhereSessionsAreHandedOutInTurn() throws SQLException {
		PgBouncer pooler = start(PgBouncerOptions.defaults().withSetting("server_round_robin", "1"));
		String url = pooler.bareUrl(pooler.createDatabase());
		openSessions(url);
		DataSource application = pool(url);
		assertThat(PostgresPooler.before(application, application)).get()
			.extracting(PostgresPooler::sharesSessions)
			.isEqualTo(true);
	}

	// As many transactions at the same time as there are sessions.
	private void openSessions(String url) throws SQLException {
		HikariDataSource pool = pool(url + "?prepareThreshold=0");
		List<Connection> connections = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			Connection connection = pool.getConnection();
			connections.add(connection);
			connection.setAutoCommit(false);
			try (Statement statement = connection.createStatement()) {
				statement.execute("select 1");
			}
		}
		for (Connection connection : connections) {
			connection.rollback();
			connection.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "prepareThreshold=0, 0", "preferQueryMode=simple, 5" })
	void aDriverThatPreparesNothingGivesNoNames(String parameter, int threshold) throws SQLException {
		PgBouncer pooler = start(PgBouncerOptions.defaults());
		DataSource application = pool(pooler.bareUrl(pooler.createDatabase()) + "?" + parameter);
		assertThat(PostgresPooler.before(application, application))
			.hasValue(new PostgresPooler(true, false, threshold));
	}

	@Test
	void aPoolerInSessionModeSharesNothing() throws SQLException {
		PgBouncer pooler = start(PgBouncerOptions.defaults().withPoolMode("session"));
		DataSource application = pool(pooler.bareUrl(pooler.createDatabase()));
		assertThat(PostgresPooler.before(application, application)).hasValue(new PostgresPooler(false, true, 5));
	}

	@Test
	void withoutAnotherClientAPoolerIsSeenButNotWhatItDoes() throws SQLException {
		PgBouncer pooler = start(PgBouncerOptions.defaults());
		DataSource application = pool(pooler.bareUrl(pooler.createDatabase()));
		assertThat(PostgresPooler.before(application, null)).hasValue(new PostgresPooler(false, true, 5));
	}

	@Test
	void aPoolerInStatementModeCannotBeWorkedWith() {
		PgBouncer pooler = start(PgBouncerOptions.defaults().withPoolMode("statement"));
		DataSource application = pool(pooler.url(pooler.createDatabase()));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> PostgresPooler.before(application, application))
			.withMessageContaining("transaction blocks not allowed in statement pooling mode");
	}

	@Test
	void aLookLeavesNothingBehind() throws SQLException {
		PgBouncer pooler = start(PgBouncerOptions.defaults().withPoolSize(1));
		String url = pooler.bareUrl(pooler.createDatabase());
		HikariDataSource application = Pools.open(url, this.postgres.username(), "",
				(config) -> config.setAutoCommit(false));
		this.toClose.add(0, application);
		for (int look = 0; look < 3; look++) {
			PostgresPooler.before(application, application);
		}
		JdbcTemplate other = new JdbcTemplate(new DriverManagerDataSource(url, this.postgres.username(), ""));
		assertThat(other.queryForObject("select count(*) from pg_prepared_statements", Integer.class)).isZero();
		try (Connection connection = application.getConnection()) {
			assertThat(connection.getAutoCommit()).isFalse();
		}
	}

}
