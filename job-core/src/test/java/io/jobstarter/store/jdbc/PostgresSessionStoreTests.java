package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.Audit;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.Settlement;
import io.jobstarter.store.WorkerStore.Renewal;
import io.jobstarter.store.WorkerStore.WorkerRow;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.HEARTBEAT;
import static io.jobstarter.store.jdbc.StoreFixture.LEASE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The engine's connections, however their pool sets them up.
 */
class PostgresSessionStoreTests {

	private static final List<String> SETTINGS = List.of("transaction_isolation", "transaction_read_only",
			"default_transaction_isolation", "default_transaction_read_only", "statement_timeout", "lock_timeout",
			"idle_in_transaction_session_timeout", "synchronous_commit", "enable_seqscan", "enable_bitmapscan",
			"enable_hashjoin", "enable_mergejoin", "enable_sort", "jit", "plan_cache_mode");

	private final EmbeddedPostgres postgres = EmbeddedPostgres.shared();

	private String url;

	private HikariDataSource application;

	private StoreFixture fixture;

	@BeforeEach
	void createTables() {
		this.url = this.postgres.createDatabase();
		this.application = Pools.open(this.url, this.postgres.username(), this.postgres.password());
		this.fixture = new StoreFixture(this.application, "background_job_");
		this.fixture.clear();
	}

	@AfterEach
	void close() {
		this.application.close();
	}

	private HikariDataSource engine(Consumer<HikariConfig> customizer) {
		return Pools.open(this.url, this.postgres.username(), this.postgres.password(),
				customizer.andThen((config) -> config.setMaximumPoolSize(1)));
	}

	static Stream<Named<Consumer<HikariConfig>>> pools() {
		return Stream.of(
				Named.of("serializable", (config) -> config.setTransactionIsolation("TRANSACTION_SERIALIZABLE")),
				Named.of("repeatable read by role",
						(config) -> config.addDataSourceProperty("options",
								"-c default_transaction_isolation=repeatable\\ read")),
				Named.of("read-only", (config) -> config.setReadOnly(true)),
				Named.of("read-only by role",
						(config) -> config.addDataSourceProperty("options", "-c default_transaction_read_only=on")),
				Named.of("without auto-commit", (config) -> config.setAutoCommit(false)),
				Named.of("without auto-commit, with a test query", (config) -> {
					config.setAutoCommit(false);
					config.setConnectionTestQuery("select 1");
					config.setConnectionInitSql("select 1");
				}), Named.of("without prepared statements",
						(config) -> config.addDataSourceProperty("prepareThreshold", "0")));
	}

	@ParameterizedTest
	@MethodSource("pools")
	void everyDutyIsDone(Consumer<HikariConfig> customizer) {
		try (HikariDataSource engine = engine(customizer)) {
			JdbcStores stores = JdbcStores.create(this.application, engine, "background_job_");
			for (int round = 0; round < 7; round++) {
				this.fixture.clear();
				live(stores);
			}
		}
	}

	@Test
	void aPoolMayHandOutAConnectionInTheMiddleOfItsOwnTestQuery() {
		try (HikariDataSource pool = engine((config) -> {
			config.setAutoCommit(false);
			config.addDataSourceProperty("options", "-c default_transaction_isolation=serializable");
		})) {
			JdbcStores stores = JdbcStores.create(this.application, new TestingDataSource(pool), "background_job_");
			live(stores);
			assertThat(this.fixture.count("history")).isZero();
		}
	}

	// A COMMIT that never arrives: the job must not stay locked until the server notices.
	@Test
	void aHandlersTransactionThatIsLeftAloneEndsBeforeLongUnlessTheApplicationSaysWhen() {
		ClaimedJob job = running();
		String within = this.fixture.transaction.execute((status) -> {
			this.fixture.stores.claimStore().completeInCallersTransaction(job, true);
			return idleTimeout();
		});
		assertThat(within).isEqualTo("20s");
		assertThat(idleTimeout()).isEqualTo("0");
		ClaimedJob other = running();
		String chosen = this.fixture.transaction.execute((status) -> {
			this.fixture.sql("set local idle_in_transaction_session_timeout = '3s'").update();
			this.fixture.stores.claimStore().completeInCallersTransaction(other, true);
			return idleTimeout();
		});
		assertThat(chosen).isEqualTo("3s");
		assertThat(this.fixture.count("history")).isEqualTo(2);
	}

	private ClaimedJob running() {
		this.fixture.enqueue(1, "mail", "default");
		return this.fixture.claimOne();
	}

	private String idleTimeout() {
		return this.fixture.sql("show idle_in_transaction_session_timeout").query(String.class).single();
	}

	private void live(JdbcStores stores) {
		stores.workerStore().register(new WorkerRow(ME, "node", 1), LEASE);
		List<Long> ids = this.fixture.enqueue(3, "mail", "default");
		List<ClaimedJob> jobs = claim(stores);
		assertThat(jobs).extracting(ClaimedJob::id).isEqualTo(ids);
		assertThat(stores.claimStore()
			.settle(List.of(new Settlement(jobs.get(0), new JobOutcome.Succeeded(), null),
					new Settlement(jobs.get(1), new JobOutcome.Retried(FAILURE, Duration.ZERO, null), null)), true)
			.values()).containsOnly(Settled.DONE);
		assertThat(stores.maintenanceStore().promote(10).count()).isOne();
		assertThat(stores.workerStore().renew(ME, LEASE, HEARTBEAT, null)).isEqualTo(Renewal.RENEWED);
		this.fixture.expire(ME);
		assertThat(stores.maintenanceStore().recover(0, LEASE, 3, 10, (name) -> true))
			.hasValueSatisfying((recovery) -> assertThat(recovery.complete()).isTrue());
		assertThat(stores.maintenanceStore().deleteHistory(Duration.ZERO, 10)).isOne();
		assertThat(this.fixture.stores.operationsStore().find(new JobId(ids.get(2))).orElseThrow().state())
			.isEqualTo(JobState.READY);
	}

	private static List<ClaimedJob> claim(JdbcStores stores) {
		return stores.claimStore()
			.claim(new ClaimRequest(ME, 1, Set.of("mail"),
					List.of(StoreFixture.demand(new Lane("default", 0, false), 10, 0)), 10));
	}

	@Test
	void nothingThatTheEngineSetsOutlivesItsTransaction() {
		try (HikariDataSource engine = engine((config) -> {
		})) {
			Map<String, String> before = settings(engine);
			JdbcStores stores = JdbcStores.create(this.application, engine, "background_job_");
			live(stores);
			stores.claimStore().lanes(new QueueScope(Set.of("default"), Set.of("mail")));
			stores.notifier().orElseThrow().send(List.of("hello"));
			assertThat(settings(engine)).isEqualTo(before).containsEntry("synchronous_commit", "on");
		}
	}

	private static Map<String, String> settings(HikariDataSource pool) {
		Map<String, String> settings = new LinkedHashMap<>();
		SETTINGS.forEach((name) -> settings.put(name,
				new JdbcTemplate(pool).queryForObject("select current_setting(?)", String.class, name)));
		return settings;
	}

	@Test
	void theEngineDoesNotJoinATransactionOfTheCallingThread() {
		this.fixture.enqueue(1, "mail", "default");
		this.fixture.transaction.executeWithoutResult((status) -> {
			assertThat(this.fixture.claim(1)).hasSize(1);
			status.setRollbackOnly();
		});
		assertThat(this.fixture.claim(1)).isEmpty();
	}

	@Test
	void jobsAreNotLostInAPoolWithoutAutoCommitWhenThereIsNoTransaction() {
		try (HikariDataSource pool = engine((config) -> config.setAutoCommit(false))) {
			JdbcStores stores = JdbcStores.create(pool, pool, "background_job_");
			stores.enqueueStore().insert(List.of(StoreFixture.job("mail")));
			stores.operationsStore().pause("other", Audit.NONE);
		}
		assertThat(this.fixture.count("job")).isOne();
		assertThat(this.fixture.count("queue")).isOne();
	}

	@Test
	void aTransactionThatTheServerCallsReadOnlyIsATypedError() {
		try (HikariDataSource pool = engine(
				(config) -> config.addDataSourceProperty("options", "-c default_transaction_read_only=on"))) {
			JdbcStores stores = JdbcStores.create(pool, pool, "background_job_");
			assertThatExceptionOfType(ReadOnlyTransactionException.class)
				.isThrownBy(() -> stores.enqueueStore().insert(List.of(StoreFixture.job("mail"))));
		}
	}

	/**
	 * Tests connections before it hands them out.
	 */
	private static final class TestingDataSource extends DelegatingDataSource {

		TestingDataSource(DataSource target) {
			super(target);
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			try (Statement statement = connection.createStatement()) {
				statement.execute("select 1");
			}
			return connection;
		}

	}

}
