package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.store.Lane;
import io.jobstarter.store.WakeUp;
import io.jobstarter.store.jdbc.PostgresListener.Patience;
import io.jobstarter.store.jdbc.PostgresListener.State;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * NOTIFY and LISTEN between two nodes, on a server of its own that is broken now and
 * then.
 */
class PostgresWakeUpTests {

	private static final Lane MAIL = new Lane("mail", 3, false);

	private static final Lane REPORTS = new Lane("reports", 0, true);

	private static final Lane OTHER = new Lane("other", 0, false);

	private static final Patience SHORT = new Patience(Duration.ofMillis(500), Duration.ofMillis(300),
			Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(300));

	private static EmbeddedPostgres postgres;

	private final Queue<Lane> heard = new ConcurrentLinkedQueue<>();

	private final AtomicInteger scheduled = new AtomicInteger();

	private final AtomicInteger circuits = new AtomicInteger();

	private final List<Boolean> told = new CopyOnWriteArrayList<>();

	private final List<Runnable> cleanup = new ArrayList<>();

	private DataSource database;

	private PostgresNotifier here;

	private PostgresNotifier there;

	@BeforeAll
	static void start() {
		postgres = EmbeddedPostgres.start();
	}

	@AfterAll
	static void end() {
		postgres.close();
	}

	@BeforeEach
	void openTwoNodes() {
		this.database = dataSource();
		new StoreFixture(this.database, "background_job_");
		this.here = notifier(this.database);
		this.there = notifier(this.database);
	}

	@AfterEach
	void close() {
		this.cleanup.forEach(Runnable::run);
	}

	private static DataSource dataSource() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(postgres.createDatabase());
		dataSource.setUser(postgres.username());
		dataSource.setPassword(postgres.password());
		dataSource.setConnectTimeout(2);
		dataSource.setSocketTimeout(2);
		return dataSource;
	}

	private PostgresNotifier notifier(DataSource dataSource) {
		PostgresNotifier notifier = JdbcStores.create(dataSource, dataSource, "background_job_")
			.notifier()
			.orElseThrow();
		notifier.start();
		this.cleanup.add(notifier::stop);
		return notifier;
	}

	private PostgresListener listen(DataSource direct) {
		PostgresListener listener = new PostgresListener(direct, this.here, new Worker(), SHORT);
		listener.start();
		this.cleanup.add(listener::stop);
		return listener;
	}

	private PostgresListener listening() {
		PostgresListener listener = listen(this.database);
		await().until(() -> listener.state() == State.LISTENING);
		return listener;
	}

	@Test
	void hearsOfTheLanesThatOthersAnnounce() {
		listening();
		this.there.ready(MAIL);
		this.there.ready(REPORTS);
		await().until(() -> this.heard.contains(MAIL) && this.heard.contains(REPORTS));
		assertThat(this.heard).containsOnly(MAIL, REPORTS);
	}

	@Test
	void hearsThatOthersHaveScheduledJobs() {
		listening();
		for (int i = 0; i < 1_000; i++) {
			this.there.scheduled();
		}
		await().untilAtomic(this.scheduled, Matchers.greaterThan(0));
		this.there.scheduled();
		await().untilAtomic(this.scheduled, Matchers.greaterThan(1));
		assertThat(this.scheduled).hasValueLessThan(100);
	}

	@Test
	void hearsThatOthersHaveChangedACircuitBreaker() {
		listening();
		this.here.circuitsChanged();
		this.there.circuitsChanged();
		await().untilAtomic(this.circuits, Matchers.greaterThan(0));
		this.there.ready(MAIL);
		await().until(() -> this.heard.contains(MAIL));
		assertThat(this.circuits).hasValue(1);
	}

	@Test
	void doesNotRepeatWhatThisNodeAnnounced() {
		listening();
		this.here.send(List.of(new Notice(this.here.sender(), MAIL).payload()));
		this.there.ready(REPORTS);
		await().until(() -> this.heard.contains(REPORTS));
		assertThat(this.heard).containsExactly(REPORTS);
	}

	@Test
	void whatIsAnnouncedManyTimesIsSentOnceARoundAndTheRestInTheNextOne() {
		listening();
		SqlText text = new SqlText("background_job_", UnaryOperator.identity());
		PostgresNotifier slow = new PostgresNotifier(EngineTransactions.postgres(this.database),
				Statements.on(this.database, text), new PostgresRoundTrip(this.database, text), Duration.ofSeconds(5));
		slow.start();
		this.cleanup.add(slow::stop);
		slow.ready(MAIL);
		await().until(() -> this.heard.contains(MAIL));
		for (int i = 0; i < 1_000; i++) {
			slow.ready(REPORTS);
		}
		hearFrom(this.there);
		assertThat(this.heard).containsExactly(MAIL, OTHER);
		await().until(() -> this.heard.contains(REPORTS));
		hearFrom(this.there);
		assertThat(this.heard).containsExactly(MAIL, OTHER, REPORTS, OTHER);
	}

	private void hearFrom(PostgresNotifier notifier) {
		int before = this.heard.size();
		notifier.ready(OTHER);
		await().until(() -> this.heard.size() > before);
	}

	@Test
	void malformedMessagesAreIgnored() {
		listening();
		JdbcTemplate jdbc = new JdbcTemplate(this.database);
		for (String payload : List.of("", "hello", "a,b,c,d", "x,1,front,")) {
			jdbc.query("select pg_notify(?, ?)", (row) -> {
			}, this.here.channel(), payload);
		}
		this.there.ready(MAIL);
		await().until(() -> !this.heard.isEmpty());
		assertThat(this.heard).containsExactly(MAIL);
	}

	@Test
	void schemasHaveChannelsOfTheirOwn() {
		PGSimpleDataSource other = (PGSimpleDataSource) dataSource();
		new JdbcTemplate(other).execute("create schema tenant");
		other.setCurrentSchema("tenant");
		assertThat(notifier(other).channel()).isNotEqualTo(this.here.channel()).startsWith("background_job_ready_");
		assertThat(this.there.channel()).isEqualTo(this.here.channel());
	}

	@Test
	void pollsWhereNotificationsDoNotArrive() {
		PostgresListener listener = listen(dataSource());
		await().until(() -> listener.state() == State.POLLING);
		assertThat(this.heard).isEmpty();
		assertThat(this.told).isEmpty();
	}

	@Test
	void aConnectionThatIsLostIsTakenForSilenceUntilThereIsAnother() {
		listening();
		terminateListeners();
		await().until(() -> this.told.equals(List.of(true, false, true)));
		this.there.ready(MAIL);
		await().until(() -> this.heard.contains(MAIL));
	}

	@Test
	void noticesThatNotificationsCeaseToArriveAndThatTheyArriveAgain() {
		AtomicReference<DataSource> direct = new AtomicReference<>(this.database);
		PostgresListener listener = listen(new DelegatingDataSource() {

			@Override
			public Connection getConnection() throws SQLException {
				return direct.get().getConnection();
			}

		});
		await().until(() -> listener.state() == State.LISTENING);
		// Another server answers from now on.
		direct.set(dataSource());
		terminateListeners();
		await().until(() -> listener.state() == State.POLLING);
		assertThat(this.told).containsExactly(true, false);
		direct.set(this.database);
		await().until(() -> listener.state() == State.LISTENING);
		assertThat(this.told).containsExactly(true, false, true);
	}

	@Test
	void noticesThatItsSessionDoesNotListenAnyMore() throws SQLException {
		AtomicReference<Connection> listening = new AtomicReference<>();
		PostgresListener listener = listen(new DelegatingDataSource(this.database) {

			@Override
			public Connection getConnection() throws SQLException {
				Connection connection = super.getConnection();
				listening.compareAndSet(null, connection);
				return connection;
			}

		});
		await().until(() -> listener.state() == State.LISTENING);
		try (Statement statement = listening.get().createStatement()) {
			statement.execute("unlisten *");
		}
		await().until(() -> this.told.equals(List.of(true, false, true)));
	}

	private void terminateListeners() {
		new JdbcTemplate(this.database).queryForList("""
				select pg_terminate_backend(pid) from pg_stat_activity
				where pid <> pg_backend_pid() and datname = current_database() and query ilike 'listen %'
				""");
	}

	@Test
	void aBurstIsSentOnceARoundAndItsLastAnnouncementIsNotLost() {
		listening();
		CountingDataSource counting = new CountingDataSource(this.database);
		PostgresNotifier bursting = notifier(counting);
		bursting.channel();
		counting.takeSent();
		long start = System.nanoTime();
		for (int i = 0; i < 1_000; i++) {
			bursting.ready((i % 2 == 0) ? MAIL : REPORTS);
		}
		bursting.ready(OTHER);
		await().until(() -> this.heard.contains(OTHER));
		long rounds = (System.nanoTime() - start) / PostgresNotifier.PACE.toNanos() + 1;
		long sent = counting.takeSent().stream().filter((statement) -> statement.contains("pg_notify")).count();
		assertThat(sent).isBetween(1L, rounds);
		assertThat(this.heard).contains(MAIL, REPORTS);
	}

	@Test
	void reconnectsAfterACrashAndSendsWhatWasPending() {
		PostgresListener listener = listening();
		postgres.crash();
		await().until(() -> listener.condition().failuresInARow() > 0);
		this.there.ready(MAIL);
		await().until(() -> this.there.condition().failuresInARow() > 0);
		assertThat(listener.state()).isEqualTo(State.CONNECTING);
		postgres.restart();
		await().atMost(Duration.ofSeconds(30)).until(() -> listener.state() == State.LISTENING);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.there.condition().failuresInARow() == 0);
		this.there.ready(REPORTS);
		await().until(() -> this.heard.contains(REPORTS));
		assertThat(this.heard).isSubsetOf(MAIL, REPORTS);
	}

	@Test
	void aConnectionThatDiesWithoutAWordIsNoticed() {
		PostgresListener listener = listening();
		postgres.hang();
		try {
			await().atMost(Duration.ofSeconds(30)).until(() -> listener.condition().failuresInARow() > 0);
			assertThat(listener.state()).isEqualTo(State.CONNECTING);
		}
		finally {
			postgres.resume();
		}
		await().atMost(Duration.ofSeconds(30)).until(() -> listener.state() == State.LISTENING);
	}

	@Test
	void aStoppedListenerHasLeftNothingOnItsConnection() {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(this.database);
			pool.setMaximumPoolSize(1);
			PostgresListener listener = listen(pool);
			await().until(() -> listener.state() == State.LISTENING);
			listener.stop();
			assertThat(listener.state()).isEqualTo(State.STOPPED);
			assertThat(new JdbcTemplate(pool).queryForList("select pg_listening_channels()", String.class)).isEmpty();
		}
	}

	/**
	 * Keeps what the listener says.
	 */
	private final class Worker implements WakeUp {

		@Override
		public void ready(Lane lane) {
			PostgresWakeUpTests.this.heard.add(lane);
		}

		@Override
		public void circuitsChanged() {
			PostgresWakeUpTests.this.circuits.incrementAndGet();
		}

		@Override
		public void scheduled() {
			PostgresWakeUpTests.this.scheduled.incrementAndGet();
		}

		@Override
		public void announced(boolean arrives) {
			PostgresWakeUpTests.this.told.add(arrives);
		}

	}

}
