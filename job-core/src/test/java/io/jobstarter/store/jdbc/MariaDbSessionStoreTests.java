package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.DueTime;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.UniqueUntil;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.Settlement;
import io.jobstarter.store.WorkerStore.Renewal;
import io.jobstarter.store.WorkerStore.WorkerRow;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.HEARTBEAT;
import static io.jobstarter.store.jdbc.StoreFixture.LEASE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Connections to MariaDB, however their pool and their driver set them up.
 */
class MariaDbSessionStoreTests {

	private static final List<String> SETTINGS = List.of("tx_isolation", "tx_read_only", "autocommit",
			"max_statement_time", "lock_wait_timeout", "innodb_lock_wait_timeout", "idle_transaction_timeout",
			"time_zone", "sql_mode");

	private static EmbeddedMariaDb server;

	private String url;

	private HikariDataSource application;

	private StoreFixture fixture;

	@BeforeAll
	static void isInstalled() {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		server = EmbeddedMariaDb.shared();
	}

	@BeforeEach
	void createTables() {
		this.url = server.createDatabase();
		this.application = Pools.open(this.url, server.username(), server.password());
		this.fixture = new StoreFixture(this.application, "background_job_");
		this.fixture.clear();
	}

	@AfterEach
	void close() {
		this.application.close();
	}

	private HikariDataSource engine(Consumer<HikariConfig> customizer) {
		return Pools.open(this.url, server.username(), server.password(),
				customizer.andThen((config) -> config.setMaximumPoolSize(1)));
	}

	static Stream<Named<Consumer<HikariConfig>>> pools() {
		return Stream.of(
				Named.of("serializable", (config) -> config.setTransactionIsolation("TRANSACTION_SERIALIZABLE")),
				Named.of("read-only", (config) -> config.addDataSourceProperty("sessionVariables", "tx_read_only=1")),
				Named.of("in another time zone",
						(config) -> config.addDataSourceProperty("sessionVariables", "time_zone='+07:00'")),
				Named.of("in another time zone, as the driver sets it",
						(config) -> config.addDataSourceProperty("timezone", "-03:30")),
				Named.of("without auto-commit, with a test query", (config) -> {
					config.setAutoCommit(false);
					config.setConnectionTestQuery("select 1");
					config.setConnectionInitSql("select 1");
				}),
				Named.of("with statements that the server prepares",
						(config) -> config.addDataSourceProperty("useServerPrepStmts", "true")),
				Named.of("without backslashes", (config) -> config.addDataSourceProperty("sessionVariables",
						"sql_mode='ANSI,NO_BACKSLASH_ESCAPES'")));
	}

	@ParameterizedTest
	@MethodSource("pools")
	void everyDutyIsDone(Consumer<HikariConfig> customizer) {
		try (HikariDataSource engine = engine(customizer)) {
			live(JdbcStores.create(this.application, engine, "background_job_"));
		}
	}

	private void live(JdbcStores stores) {
		stores.workerStore().register(new WorkerRow(ME, "node", 1), LEASE);
		List<Long> ids = this.fixture.enqueue(3, "mail", "default");
		List<ClaimedJob> jobs = claim(stores);
		assertThat(jobs).extracting(ClaimedJob::id).isEqualTo(ids);
		assertThat(jobs.get(0).enqueuedAt())
			.isEqualTo(this.fixture.stores.operationsStore().find(new JobId(ids.get(0))).orElseThrow().enqueuedAt());
		assertThat(stores.claimStore()
			.settle(List.of(new Settlement(jobs.get(0), new JobOutcome.Succeeded(), null),
					new Settlement(jobs.get(1), new JobOutcome.Retried(FAILURE, Duration.ZERO, null), null)), true)
			.values()).containsOnly(Settled.DONE);
		assertThat(stores.maintenanceStore().promote(10).count()).isOne();
		assertThat(stores.workerStore().renew(ME, LEASE, HEARTBEAT, null)).isEqualTo(Renewal.RENEWED);
		assertThat(stores.maintenanceStore().recover(0, LEASE, 3, 10, (name) -> true)).isEmpty();
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

	@ParameterizedTest
	@MethodSource("pools")
	void callersEnqueueAndSeeWhatTheyEnqueued(Consumer<HikariConfig> customizer) {
		try (HikariDataSource pool = engine(customizer
			.andThen((config) -> config.getDataSourceProperties().replace("sessionVariables", "tx_read_only=1", "")))) {
			JdbcStores stores = JdbcStores.create(pool, pool, "background_job_");
			Instant at = Instant.parse("2030-03-10T02:30:00Z"); // no such time in New
																// York
			NewJob job = new NewJob("mail", "default", 0, new DueTime.At(at), "{\"a\":\"\\\\ ' \\\" 😀\\u0000\"}",
					Map.of("k", "\\'\"\n"), List.of("t"), null);
			JobId id = stores.enqueueStore().insert(List.of(job)).get(0).id();
			JobInfo info = stores.operationsStore().find(id).orElseThrow();
			assertThat(info.dueAt()).isEqualTo(at);
			assertThat(info.payload()).isEqualTo(job.payload());
			assertThat(info.headers()).isEqualTo(job.headers());
			assertThat(this.fixture.stores.operationsStore().find(id)).hasValue(info);
			NewJob keyed = unique("mail", "a", UniqueUntil.STARTED);
			assertThat(stores.enqueueStore().insert(List.of(keyed)).get(0).duplicate()).isFalse();
			assertThat(stores.enqueueStore().insert(List.of(keyed)).get(0).duplicate()).isTrue();
		}
	}

	@Test
	void theTimeZoneOfTheProcessMeansNothing() {
		TimeZone zone = TimeZone.getDefault();
		TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
		try (HikariDataSource engine = engine((config) -> {
		})) {
			live(JdbcStores.create(this.application, engine, "background_job_"));
			Instant at = Instant.parse("2030-03-10T02:30:00.000001Z");
			long id = this.fixture
				.enqueue(new NewJob("mail", "default", 0, new DueTime.At(at), "{}", Map.of(), List.of(), null));
			assertThat(this.fixture.stores.operationsStore().find(new JobId(id)).orElseThrow().dueAt()).isEqualTo(at);
		}
		finally {
			TimeZone.setDefault(zone);
		}
	}

	@Test
	void nothingThatTheEngineSetsOutlivesItsTransaction() throws Exception {
		try (HikariDataSource engine = engine((config) -> {
			config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
			config.setAutoCommit(false);
		})) {
			Map<String, String> before = settings(engine);
			JdbcStores stores = JdbcStores.create(this.application, engine, "background_job_");
			live(stores);
			stores.claimStore().lanes(QueueScope.of(List.of("default")));
			// Its last transaction consists of a statement that fails.
			assertThat(JdbcStores.create(this.application, engine, "other_").missingSchema()).contains("other_job");
			assertThat(isolationOfNextTransaction(engine)).isEqualTo("SERIALIZABLE");
			assertThat(settings(engine)).isEqualTo(before);
		}
	}

	private static Map<String, String> settings(HikariDataSource pool) {
		Map<String, String> settings = new LinkedHashMap<>();
		SETTINGS.forEach((name) -> settings.put(name,
				new JdbcTemplate(pool).queryForObject("select @@session." + name, String.class)));
		return settings;
	}

	private static String isolationOfNextTransaction(HikariDataSource pool) throws Exception {
		try (Connection connection = pool.getConnection()) {
			connection.setAutoCommit(false);
			connection.createStatement().execute("update background_job_pulse set last_sweep = null");
			try (var rows = connection.createStatement()
				.executeQuery("select trx_isolation_level from information_schema.innodb_trx "
						+ "where trx_mysql_thread_id = connection_id()")) {
				rows.next();
				return rows.getString(1);
			}
			finally {
				connection.rollback();
				connection.setAutoCommit(true);
			}
		}
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
	void aTransactionThatTheServerCallsReadOnlyIsATypedError() {
		try (HikariDataSource pool = engine(
				(config) -> config.addDataSourceProperty("sessionVariables", "tx_read_only=1"))) {
			JdbcStores stores = JdbcStores.create(pool, pool, "background_job_");
			assertThatExceptionOfType(ReadOnlyTransactionException.class)
				.isThrownBy(() -> stores.enqueueStore().insert(List.of(StoreFixture.job("mail"))));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TRANSACTION_SERIALIZABLE", "TRANSACTION_READ_COMMITTED" })
	void aRaceForAKeyEndsWithOneJobAtAnyIsolation(String isolation) {
		try (HikariDataSource pool = Pools.open(this.url, server.username(), server.password(),
				(config) -> config.setTransactionIsolation(isolation))) {
			StoreFixture callers = new StoreFixture(pool, "background_job_");
			AtomicInteger number = new AtomicInteger();
			List<Long> committed = Threads.together(24, () -> {
				boolean rollBack = number.getAndIncrement() % 2 == 0;
				return callers.transaction.execute((status) -> {
					if (rollBack) {
						status.setRollbackOnly();
					}
					long id = callers.enqueue(unique("mail", "race", UniqueUntil.STARTED));
					return rollBack ? null : id;
				});
			});
			List<Long> ids = this.fixture.sql("select id from background_job_job").query(Long.class).list();
			assertThat(ids).hasSize(1);
			assertThat(committed.stream().filter(Objects::nonNull)).hasSize(12).containsOnly(ids.get(0));
		}
	}

	// Both are at the barrier before either commits.
	@ParameterizedTest
	@ValueSource(strings = { "TRANSACTION_SERIALIZABLE", "TRANSACTION_REPEATABLE_READ" })
	void transactionsThatEnqueueAndEndJobsDoNotWaitForEachOther(String isolation) {
		List<Long> ids = this.fixture.enqueue(2, "mail", "default");
		List<ClaimedJob> jobs = this.fixture.claim(2);
		try (HikariDataSource pool = Pools.open(this.url, server.username(), server.password(),
				(config) -> config.setTransactionIsolation(isolation))) {
			StoreFixture callers = new StoreFixture(pool, "background_job_");
			CyclicBarrier barrier = new CyclicBarrier(2);
			AtomicInteger number = new AtomicInteger();
			Threads.together(2, () -> callers.transaction.execute((status) -> {
				ClaimedJob mine = jobs.get(number.getAndIncrement());
				callers.enqueue(unique("mail", "key of " + mine.id(), UniqueUntil.STARTED));
				callers.enqueue(StoreFixture.job("mail"));
				assertThat(callers.stores.claimStore().completeInCallersTransaction(mine, true)).isTrue();
				return await(barrier);
			}));
		}
		assertThat(this.fixture.count("job")).isEqualTo(4);
		assertThat(this.fixture.sql("select id from background_job_history").query(Long.class).list())
			.containsExactlyInAnyOrderElementsOf(ids);
	}

	private static int await(CyclicBarrier barrier) {
		try {
			return barrier.await(20, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	// All wait before the first rolls back.
	@ParameterizedTest
	@ValueSource(strings = { "TRANSACTION_SERIALIZABLE", "TRANSACTION_REPEATABLE_READ", "TRANSACTION_READ_COMMITTED" })
	void thoseWhoWaitForAKeyAreServedOneByOneWhenTheFirstRollsBack(String isolation) {
		try (HikariDataSource pool = Pools.open(this.url, server.username(), server.password(),
				(config) -> config.setTransactionIsolation(isolation))) {
			StoreFixture callers = new StoreFixture(pool, "background_job_");
			List<CompletableFuture<Long>> others = new ArrayList<>();
			callers.transaction.executeWithoutResult((status) -> {
				callers.enqueue(unique("mail", "race", UniqueUntil.STARTED));
				for (int i = 0; i < 4; i++) {
					others.add(CompletableFuture.supplyAsync(
							() -> callers.enqueue(unique("mail", "race", UniqueUntil.STARTED)),
							(task) -> new Thread(task).start()));
				}
				Awaitility.await().until(() -> waiting() == others.size());
				status.setRollbackOnly();
			});
			assertThat(others.stream().map(CompletableFuture::join).distinct()).hasSize(1);
		}
		assertThat(this.fixture.count("job")).isOne();
	}

	private long waiting() {
		return this.fixture.sql("select count(*) from information_schema.innodb_trx where trx_state = 'LOCK WAIT'")
			.query(Long.class)
			.single();
	}

	@Test
	void aJobWhoseKeySomebodyHasJustMetIsNotStartedBeforeHisTransactionEnds() {
		long first = this.fixture.enqueue(unique("mail", "a", UniqueUntil.STARTED));
		this.fixture.transaction.executeWithoutResult((status) -> {
			assertThat(this.fixture.enqueue(unique("mail", "a", UniqueUntil.STARTED))).isEqualTo(first);
			Threads.inOther(() -> assertThat(this.fixture.claim(1)).isEmpty());
		});
		assertThat(this.fixture.claim(1)).hasSize(1);
	}

	@Test
	void payloadsMayBeAlmostAsLargeAsAStatement() {
		NewJob large = new NewJob("mail", "default", 0, DueTime.NOW, "\"" + "😀'x".repeat(2_000_000) + "\"", Map.of(),
				List.of(), null);
		long id = this.fixture.enqueue(large);
		assertThat(this.fixture.claimOne().payload()).isEqualTo(large.payload());
		assertThat(this.fixture.stores.operationsStore().find(new JobId(id)).orElseThrow().payload())
			.isEqualTo(large.payload());
	}

	@Test
	void aPayloadThatIsLargerThanAStatementIsATypedErrorThatLeavesTheTransactionAlone() {
		NewJob large = new NewJob("mail", "default", 0, DueTime.NOW, "\"" + "x".repeat(17_000_000) + "\"", Map.of(),
				List.of(), null);
		this.fixture.transaction.executeWithoutResult((status) -> {
			this.fixture.enqueue(StoreFixture.job("other"));
			assertThatExceptionOfType(InvalidPayloadException.class).isThrownBy(() -> this.fixture.enqueue(large))
				.withMessageContaining("max_allowed_packet of the database is 16777216");
		});
		assertThat(this.fixture.count("job")).isOne();
	}

	@Test
	void manyLargePayloadsGoIntoSeveralStatements() {
		NewJob job = new NewJob("mail", "default", 0, DueTime.NOW, "\"" + "x".repeat(60_000) + "\"", Map.of(),
				List.of(), null);
		assertThat(this.fixture.stores.enqueueStore().insert(Collections.nCopies(400, job))).hasSize(400);
		assertThat(this.fixture.count("job")).isEqualTo(400);
	}

	@Test
	void keysAndNamesThatOnlyACollationTakesForEqualAreNot() {
		this.fixture.enqueue(StoreFixture.job("mail", "default", 0));
		this.fixture.sql("update background_job_job set name = 'Mail'").update();
		assertThat(this.fixture.claim(1)).isEmpty();
		this.fixture.sql("update background_job_job set name = 'mail '").update();
		assertThat(this.fixture.claim(1)).isEmpty();
	}

}
