package io.jobstarter.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Applications on MariaDB, and how its tables come into being, where no statement that
 * creates one can be taken back.
 */
class MariaDbTests {

	private static final int NODES = 5;

	private DataSource dataSource;

	private JdbcClient database;

	private ApplicationContextRunner application;

	@BeforeAll
	static void isInstalled() {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
	}

	@BeforeEach
	void createDatabase() {
		String url = EmbeddedMariaDb.shared().createDatabase();
		this.dataSource = new DriverManagerDataSource(url, "root", "");
		this.database = JdbcClient.create(this.dataSource);
		this.application = Contexts.onMariaDb(url).withUserConfiguration(Greetings.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE", "TRANSACTION_READ_COMMITTED" })
	void runsWhatWasCommittedAndNothingElse(String isolation) {
		this.application.withPropertyValues("spring.datasource.hikari.transaction-isolation=" + isolation)
			.run((context) -> {
				JobClient jobs = context.getBean(JobClient.class);
				TransactionTemplate transaction = new TransactionTemplate(
						context.getBean(PlatformTransactionManager.class));
				transaction.executeWithoutResult((status) -> {
					jobs.enqueue(new Greet("nobody"));
					status.setRollbackOnly();
				});
				transaction.executeWithoutResult((status) -> jobs.enqueue(new Greet("you")));
				await().until(() -> succeeded() == 1);
				assertThat(context.getBean(Greetings.class).greeted()).containsExactly("you");
				assertThat(count("job")).isZero();
			});
	}

	@Test
	void boundsIdleTransactionsOfTheEngineAlone() {
		this.application.run((context) -> {
			assertThat(idleTransactionTimeout(context.getBean(EngineConnections.class).dataSource())).isEqualTo(20);
			assertThat(idleTransactionTimeout(context.getBean(DataSource.class))).isZero();
		});
	}

	private static long idleTransactionTimeout(DataSource dataSource) {
		return JdbcClient.create(dataSource).sql("select @@idle_transaction_timeout").query(Long.class).single();
	}

	@RepeatedTest(2)
	void migratesOnceWhereNodesStartTogetherOnAnEmptyDatabase() throws Exception {
		CyclicBarrier barrier = new CyclicBarrier(NODES);
		ExecutorService threads = Executors.newFixedThreadPool(NODES);
		try {
			List<Future<Void>> starts = new ArrayList<>();
			for (int i = 0; i < NODES; i++) {
				starts.add(threads.submit(start(barrier)));
			}
			for (Future<Void> start : starts) {
				start.get(60, TimeUnit.SECONDS);
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(migrations()).containsExactly("1", "2", "4", "5", "6", "7", "12", "13", "14", "15", "17");
	}

	private Callable<Void> start(CyclicBarrier barrier) {
		return () -> {
			barrier.await(30, TimeUnit.SECONDS);
			this.application.withPropertyValues("spring.datasource.hikari.maximum-pool-size=2")
				.run(this::assertRunsJobs);
			return null;
		};
	}

	// Nodes of one process wait for each other anyway: this one is of another.
	@Test
	void waitsForTheNodeThatMigratesUntilItsConnectionIsGone() throws Exception {
		CompletableFuture<Void> start;
		try (Connection other = this.dataSource.getConnection()) {
			JdbcClient.create(new SingleConnectionDataSource(other, true))
				.sql("select get_lock(md5(concat(database(), '/background-jobs:background_job_')), 0)")
				.query(Long.class)
				.single();
			start = CompletableFuture.runAsync(() -> this.application.run(this::assertRunsJobs));
			await().until(() -> connections() > 1);
			await().during(Duration.ofMillis(500)).until(() -> tables().isEmpty());
		}
		start.get(90, TimeUnit.SECONDS);
		assertThat(migrations()).containsExactly("1", "2", "4", "5", "6", "7", "12", "13", "14", "15", "17");
	}

	private long connections() {
		return this.database.sql("select count(*) from information_schema.processlist where db = database()")
			.query(Long.class)
			.single() - 1;
	}

	private List<String> tables() {
		return this.database.sql("select table_name from information_schema.tables where table_schema = database()")
			.query(String.class)
			.list();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 5, 8, 11 })
	void completesAMigrationThatWasKilledHalfWay(int statements) {
		script("V1__job_tables.sql").subList(0, statements)
			.forEach((statement) -> this.database.sql(statement).update());
		this.application.run((context) -> {
			assertRunsJobs(context);
			assertThat(count("pulse")).isOne();
			assertThat(count("key_lock")).isEqualTo(4096);
		});
	}

	@Test
	void completesAMigrationThatFailedHalfWay() {
		this.database.sql("create table background_job_key_lock (x int)").update();
		FailureAnalysis analysis = StartFailures.analysisOf(this.application);
		assertThat(analysis.getDescription()).contains("background_job_*", "'id'");
		assertThat(failedMigrations()).isOne();
		this.database.sql("drop table background_job_key_lock").update();
		this.application.run((context) -> {
			assertRunsJobs(context);
			assertThat(migrations()).containsExactly("1", "2", "4", "5", "6", "7", "12", "13", "14", "15", "17");
		});
	}

	@Test
	void runsOnTablesThatWereMadeByHand() {
		scripts().forEach((statement) -> this.database.sql(statement).update());
		this.application.withPropertyValues("background-jobs.schema.initialize=never").run(this::assertRunsJobs);
	}

	@Test
	void namesWhatLacksWhereItMayNotCreateTables() {
		FailureAnalysis analysis = StartFailures
			.analysisOf(this.application.withPropertyValues("background-jobs.schema.initialize=never"));
		assertThat(analysis.getDescription()).contains("background_job_job, background_job_worker")
			.contains("background_job_key_lock");
		assertThat(analysis.getAction()).contains("Run the SQL files in classpath:io/jobstarter/store/jdbc/migration");
	}

	private void assertRunsJobs(ApplicationContext context) {
		context.getBean(JobClient.class).enqueue(new Greet("you"));
		await().until(() -> succeeded() > 0);
	}

	private long succeeded() {
		return this.database.sql("select count(*) from background_job_history where state = 'SUCCEEDED'")
			.query(Long.class)
			.single();
	}

	private long count(String table) {
		return this.database.sql("select count(*) from background_job_" + table).query(Long.class).single();
	}

	private List<String> migrations() {
		return this.database.sql("select version from background_job_schema_history where type = 'SQL' and success")
			.query(String.class)
			.list();
	}

	private long failedMigrations() {
		return this.database.sql("select count(*) from background_job_schema_history where not success")
			.query(Long.class)
			.single();
	}

	private static List<String> scripts() {
		return Stream
			.of("V1__job_tables.sql", "V2__queue_concurrency.sql", "V4__circuit_breakers.sql", "V5__dead_letters.sql",
					"V6__redrives.sql", "V7__worker_reports.sql", "V12__recurring_jobs.sql", "V13__key_limits.sql",
					"V14__expiring_keys.sql", "V15__rates.sql", "V17__fleet_concurrency.sql")
			.map(MariaDbTests::script)
			.flatMap(List::stream)
			.toList();
	}

	private static List<String> script(String name) {
		try {
			String sql = new ClassPathResource("io/jobstarter/store/jdbc/migration/mariadb/" + name)
				.getContentAsString(StandardCharsets.UTF_8);
			String statements = sql.replace("${prefix}", "background_job_").replaceAll("(?m)--.*$", "");
			return Arrays.stream(statements.split(";")).filter((statement) -> !statement.isBlank()).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
