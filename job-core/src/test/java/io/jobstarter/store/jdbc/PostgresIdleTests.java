package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.SettledCounts;
import io.jobstarter.WorkerReport;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.Lane;
import io.jobstarter.store.Look;
import io.jobstarter.store.MaintenanceStore.Promotion;
import io.jobstarter.store.QueueLimits;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.WorkerStore;
import io.jobstarter.store.WorkerStore.Renewal;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import static io.jobstarter.store.jdbc.StoreFixture.HEARTBEAT;
import static io.jobstarter.store.jdbc.StoreFixture.LEASE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a node sends to PostgreSQL while there is nothing to do.
 */
class PostgresIdleTests {

	private static final QueueScope MAIL = QueueScope.of(Set.of("mail"));

	private HikariDataSource pool;

	private CountingDataSource counting;

	private JdbcTemplate jdbc;

	private StoreFixture fixture;

	@BeforeEach
	void open() {
		EmbeddedPostgres postgres = EmbeddedPostgres.shared();
		this.pool = Pools.open(postgres.createDatabase(), postgres.username(), postgres.password());
		this.fixture = new StoreFixture(this.pool, "background_job_");
		this.jdbc = new JdbcTemplate(this.pool);
		this.counting = new CountingDataSource(this.pool);
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	private JdbcStores stores(DataSource engine) {
		return JdbcStores.create(this.pool, engine, "background_job_");
	}

	@Test
	void aLookIsOneStatementWithoutATransaction() {
		ClaimStore claims = stores(this.counting).claimStore();
		this.counting.takeSent();
		for (int i = 0; i < 20; i++) {
			assertThat(claims.look(MAIL)).isEqualTo(new Look(Set.of(), new QueueLimits(Map.of(), Set.of()), false));
		}
		assertThat(this.counting.takeSent()).hasSize(20).doesNotContain("commit");
	}

	@Test
	void aLookFindsLanesAndLimits() {
		this.fixture.enqueue(2, "mail", "mail");
		this.fixture.enqueue(1, "report", "reports");
		this.jdbc.update("insert into background_job_queue (name, concurrency) values ('mail', 7)");
		this.jdbc.update("insert into background_job_queue (name, fleet_concurrency) values ('reports', 3)");
		Look look = stores(this.pool).claimStore().look(MAIL);
		assertThat(look.lanes()).containsExactly(new Lane("mail", 0, false));
		assertThat(look.limits()).isEqualTo(new QueueLimits(Map.of("mail", 7), Set.of("reports")));
	}

	@Test
	void aLookLeavesTheSessionAsItWas() {
		this.pool.setMaximumPoolSize(1);
		stores(this.pool).claimStore().look(MAIL);
		assertThat(this.jdbc.queryForObject("show enable_seqscan", String.class)).isEqualTo("on");
		assertThat(this.jdbc.queryForObject("show enable_sort", String.class)).isEqualTo("on");
		assertThat(this.jdbc.queryForObject("show statement_timeout", String.class)).isEqualTo("0");
	}

	@Test
	void aLookTellsHowLongNothingIsDue() {
		JdbcStores stores = stores(this.pool);
		Duration second = Duration.ofSeconds(1);
		assertThat(stores.dueWatch().quietFor(second)).isZero();
		stores.claimStore().look(MAIL);
		assertThat(stores.dueWatch().quietFor(Duration.ofMinutes(1))).isPositive();
		this.fixture.enqueue(1, "mail", "mail");
		this.jdbc.update("update background_job_job set state = 1, due_at = clock_timestamp() - interval '1' hour");
		stores.claimStore().look(MAIL);
		assertThat(stores.dueWatch().quietFor(Duration.ofMinutes(1))).isNegative();
	}

	@Test
	void thatNothingIsDueTakesOneStatementToFindOut() {
		JdbcStores stores = stores(this.counting);
		this.counting.takeSent();
		Promotion promotion = stores.maintenanceStore().promote(10);
		assertThat(promotion).isEqualTo(new Promotion(0, Set.of(), null));
		assertThat(this.counting.takeSent()).hasSize(1).doesNotContain("commit");
	}

	@Test
	void aHeartbeatIsOneStatementWithoutATransaction() {
		this.fixture.register(ME);
		WorkerStore workers = stores(this.counting).workerStore();
		this.counting.takeSent();
		assertThat(workers.renew(ME, LEASE, HEARTBEAT, null)).isEqualTo(Renewal.RENEWED);
		assertThat(this.counting.takeSent()).hasSize(1).doesNotContain("commit");
	}

	@Test
	void whatAWorkerReportsGoesWithThatStatement() {
		this.fixture.register(ME);
		WorkerStore workers = stores(this.counting).workerStore();
		WorkerReport report = new WorkerReport(5, 0, 0, false, false, SettledCounts.NONE, Duration.ZERO, List.of(),
				null);
		this.counting.takeSent();
		assertThat(workers.renew(ME, LEASE, HEARTBEAT, report)).isEqualTo(Renewal.RENEWED);
		assertThat(this.counting.takeSent()).hasSize(1).doesNotContain("commit");
		assertThat(this.fixture.stores.operationsStore().workers().get(0).report()).isEqualTo(report);
	}

	@Test
	void aHeartbeatIsNotLostInAPoolWithoutAutoCommit() {
		this.fixture.register(ME);
		this.jdbc.update("update background_job_pulse set last_beat = last_beat - interval '1' hour");
		Instant before = expiry();
		renewIn((config) -> config.setAutoCommit(false));
		assertThat(expiry()).isAfter(before);
		assertThat(this.jdbc.queryForObject(
				"select clock_timestamp() - up_since < interval '30' minute "
						+ "and clock_timestamp() - last_beat < interval '30' minute from background_job_pulse",
				Boolean.class))
			.isTrue();
	}

	@Test
	void aHeartbeatDoesNotWaitForThePulse() {
		this.fixture.register(ME);
		new TransactionTemplate(new JdbcTransactionManager(this.pool)).executeWithoutResult((status) -> {
			this.jdbc.queryForObject("select id from background_job_pulse for update", Long.class);
			assertThat(stores(this.counting).workerStore().renew(ME, LEASE, HEARTBEAT, null))
				.isEqualTo(Renewal.RENEWED);
		});
	}

	@Test
	void aHeartbeatIsWrittenAlsoWhereSessionsAreReadOnlyByDefault() {
		this.fixture.register(ME);
		Instant before = expiry();
		renewIn((config) -> config.addDataSourceProperty("options", "-c default_transaction_read_only=on"));
		assertThat(expiry()).isAfter(before);
	}

	@Test
	void aHeartbeatIsOneStatementAgainAfterAFailover() {
		this.fixture.register(ME);
		AtomicInteger connections = new AtomicInteger();
		try (HikariDataSource readOnly = Pools.open(this.pool.getJdbcUrl(), this.pool.getUsername(),
				this.pool.getPassword(),
				(config) -> config.addDataSourceProperty("options", "-c default_transaction_read_only=on"))) {
			WorkerStore workers = stores(new DelegatingDataSource(this.counting) {

				@Override
				public Connection getConnection() throws SQLException {
					return switch (connections.incrementAndGet()) {
						case 1 -> readOnly.getConnection();
						case 2 -> throw new SQLException("The server takes no writes yet");
						default -> super.getConnection();
					};
				}

			}).workerStore();
			assertThatExceptionOfType(CannotCreateTransactionException.class)
				.isThrownBy(() -> workers.renew(ME, LEASE, HEARTBEAT, null));
			this.counting.takeSent();
			assertThat(workers.renew(ME, LEASE, HEARTBEAT, null)).isEqualTo(Renewal.RENEWED);
			assertThat(this.counting.takeSent()).hasSize(1);
		}
	}

	private void renewIn(Consumer<HikariConfig> customizer) {
		try (HikariDataSource engine = Pools.open(this.pool.getJdbcUrl(), this.pool.getUsername(),
				this.pool.getPassword(), customizer)) {
			assertThat(stores(engine).workerStore().renew(ME, LEASE, HEARTBEAT, null)).isEqualTo(Renewal.RENEWED);
		}
	}

	private Instant expiry() {
		return this.jdbc.queryForObject("select expires_at from background_job_worker", OffsetDateTime.class)
			.toInstant();
	}

	@Test
	void thatNobodyDiedTakesOneStatementToFindOut() {
		JdbcStores stores = stores(this.counting);
		this.counting.takeSent();
		assertThat(stores.maintenanceStore().recover(Long.MIN_VALUE, LEASE, 3, 10, (name) -> true)).isEmpty();
		assertThat(this.counting.takeSent()).hasSize(1).doesNotContain("commit");
	}

}
