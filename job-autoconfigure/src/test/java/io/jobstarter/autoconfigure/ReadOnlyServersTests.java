package io.jobstarter.autoconfigure;

import java.sql.SQLException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Worker;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static com.zaxxer.hikari.SQLExceptionOverride.Override.CONTINUE_EVICT;
import static com.zaxxer.hikari.SQLExceptionOverride.Override.DO_NOT_EVICT;
import static com.zaxxer.hikari.SQLExceptionOverride.Override.MUST_EVICT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which connections are not kept.
 */
class ReadOnlyServersTests {

	private final HikariDataSource application = new HikariDataSource();

	@BeforeEach
	void connect() {
		EmbeddedPostgres server = EmbeddedPostgres.shared();
		this.application.setJdbcUrl(server.jdbcUrl());
		this.application.setUsername(server.username());
		this.application.setPassword(server.password());
		this.application.setMaximumPoolSize(1);
	}

	@AfterEach
	void close() {
		this.application.close();
	}

	@Test
	void connectionsToAServerThatTakesNoWritesAreClosedThoseOfTheApplicationIncluded() throws Exception {
		long session = session(this.application);
		EngineConnections engine = EngineConnections.of(this.application, new Binder().bindOrCreate("w", Worker.class));
		try {
			DataSource own = engine.dataSource();
			long ownSession = session(own);
			assertThat(session(own)).isEqualTo(ownSession);
			JdbcClient.create(own).sql("set default_transaction_read_only = on").update();
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> JdbcClient.create(own).sql("create table written (id int)").update());
			assertThat(session(own)).isNotEqualTo(ownSession);
			assertThat(session(this.application)).isNotEqualTo(session);
		}
		finally {
			engine.destroy();
		}
	}

	@ParameterizedTest
	@CsvSource({ "25006, 0", "0A000, 0", "HY000, 1290", "HY000, 1836" })
	void whatSuchServersSayIsKnown(String state, int code) {
		ReadOnlyServers servers = new ReadOnlyServers(new Keeping(), this.application);
		assertThat(servers.adjudicate(new SQLException("no", state, code))).isEqualTo(MUST_EVICT);
	}

	@Test
	void theRestIsLeftToTheApplicationsOwnOverride() {
		SQLException other = new SQLException("no", "23505");
		assertThat(new ReadOnlyServers(new Keeping(), this.application).adjudicate(other)).isEqualTo(DO_NOT_EVICT);
		assertThat(new ReadOnlyServers(null, this.application).adjudicate(new SQLException("no")))
			.isEqualTo(CONTINUE_EVICT);
	}

	private static long session(DataSource pool) {
		return JdbcClient.create(pool).sql("select pg_backend_pid()").query(Long.class).single();
	}

	/**
	 * Keeps every connection.
	 */
	private static final class Keeping implements SQLExceptionOverride {

		@java.lang.Override
		public Override adjudicate(SQLException ex) {
			return DO_NOT_EVICT;
		}

	}

}
