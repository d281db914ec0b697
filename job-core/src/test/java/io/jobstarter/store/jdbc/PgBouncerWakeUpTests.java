package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.store.Lane;
import io.jobstarter.store.jdbc.PostgresListener.Patience;
import io.jobstarter.store.jdbc.PostgresListener.State;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.PgBouncer;
import io.jobstarter.testdatabases.PgBouncerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * NOTIFY and LISTEN where the application's connections go through PgBouncer.
 */
class PgBouncerWakeUpTests {

	private static final Lane MAIL = new Lane("mail", 3, false);

	// Whoever listens, and waits for its own message in vain, does so for a minute.
	private static final Patience PATIENT = new Patience(Duration.ofMinutes(1), Duration.ofSeconds(5),
			Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMillis(300));

	private static final int SESSIONS = 2;

	private final Queue<Lane> heard = new ConcurrentLinkedQueue<>();

	private final List<AutoCloseable> toClose = new ArrayList<>();

	private PgBouncer pooler;

	private String database;

	@BeforeEach
	void isInstalled() {
		assumeTrue(PgBouncer.isAvailable(), "PgBouncer is not installed");
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.toClose) {
			closeable.close();
		}
	}

	private void startPooler(String mode) {
		this.pooler = PgBouncer.inFrontOf(EmbeddedPostgres.shared(),
				PgBouncerOptions.defaults().withPoolMode(mode).withPoolSize(mode.equals("session") ? 20 : SESSIONS));
		this.toClose.add(this.pooler);
		this.database = this.pooler.createDatabase();
		new StoreFixture(unpooled(this.pooler.directUrl(this.database)), "background_job_");
	}

	// As the listener's own are.
	private DataSource unpooled(String url) {
		return new DriverManagerDataSource(url, this.pooler.username(), this.pooler.password());
	}

	private DataSource throughPooler() {
		return unpooled(this.pooler.url(this.database));
	}

	private PostgresNotifier node() {
		HikariDataSource pool = Pools.open(this.pooler.url(this.database), this.pooler.username(), "");
		this.toClose.add(0, pool);
		PostgresNotifier notifier = JdbcStores.create(pool, pool, "background_job_").notifier().orElseThrow();
		notifier.start();
		this.toClose.add(0, notifier::stop);
		return notifier;
	}

	private PostgresListener listen(DataSource dataSource) {
		PostgresListener listener = new PostgresListener(dataSource, node(), this.heard::add, PATIENT);
		listener.start();
		this.toClose.add(0, listener::stop);
		return listener;
	}

	@Test
	void doesNotListenInASessionThatItWouldShare() throws SQLException {
		startPooler("transaction");
		PostgresListener listener = listen(throughPooler());
		await().until(() -> listener.state() == State.POLLING);
		assertThat(channelsInAllSessions()).containsOnly(0);
	}

	// All at the same time, so that none is asked twice: nobody holds one for himself.
	private List<Integer> channelsInAllSessions() throws SQLException {
		List<Connection> connections = new ArrayList<>();
		List<Integer> channels = new ArrayList<>();
		for (int i = 0; i < SESSIONS; i++) {
			Connection connection = throughPooler().getConnection();
			connections.add(connection);
			connection.setAutoCommit(false);
			try (Statement statement = connection.createStatement();
					ResultSet result = statement.executeQuery("select count(*) from pg_listening_channels()")) {
				result.next();
				channels.add(result.getInt(1));
			}
		}
		for (Connection connection : connections) {
			connection.close();
		}
		return channels;
	}

	@Test
	void hearsOnADirectConnectionWhatOthersAnnounceThroughThePooler() {
		startPooler("transaction");
		PostgresListener listener = listen(unpooled(this.pooler.directUrl(this.database)));
		await().until(() -> listener.state() == State.LISTENING);
		node().ready(MAIL);
		await().until(() -> this.heard.contains(MAIL));
	}

	@Test
	void listensThroughAPoolerThatLeavesItASessionOfItsOwn() {
		startPooler("session");
		PostgresListener listener = listen(throughPooler());
		await().until(() -> listener.state() == State.LISTENING);
		node().ready(MAIL);
		await().until(() -> this.heard.contains(MAIL));
		assertThat(new JdbcTemplate(throughPooler()).queryForObject("select count(*) from pg_listening_channels()",
				Integer.class))
			.isZero();
	}

}
