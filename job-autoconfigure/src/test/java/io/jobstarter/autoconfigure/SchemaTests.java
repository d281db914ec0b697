package io.jobstarter.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of how the tables come into a database, and what that does to the application's
 * own.
 */
class SchemaTests {

	private static final int NODES = 5;

	private final String url = EmbeddedPostgres.shared().createDatabase();

	private final JdbcClient database = JdbcClient
		.create(new DriverManagerDataSource(this.url, "postgres", "postgres"));

	private final ApplicationContextRunner application = Contexts.onPostgres(this.url)
		.withUserConfiguration(Greetings.class);

	@Test
	void createsItsTablesInAnEmptySchemaAndNoHistoryForAnApplicationWithoutMigrations() {
		this.application.run((context) -> {
			assertRunsJobs(context);
			assertThat(tables()).contains("background_job_job", "background_job_schema_history")
				.doesNotContain("flyway_schema_history");
		});
	}

	@Test
	void createsItsTablesBesideThoseOfAnApplicationWithoutMigrations() {
		this.database.sql("create table customer (name text)").update();
		this.application.run((context) -> {
			assertRunsJobs(context);
			assertThat(tables()).contains("customer", "background_job_job").doesNotContain("flyway_schema_history");
		});
	}

	@Test
	void createsItsTablesAfterThoseOfTheApplicationsOwnMigrations() {
		this.application.withPropertyValues("spring.flyway.locations=classpath:app-migration").run((context) -> {
			assertRunsJobs(context);
			assertThat(tables()).contains("customer", "background_job_job", "flyway_schema_history");
			assertThat(created("customer")).isLessThan(created("background_job_job"));
			assertThat(migrations("flyway_schema_history")).containsExactly("1");
		});
	}

	@Test
	void startsAgainOnTablesThatAreThere() {
		for (int start = 1; start <= 2; start++) {
			this.application.withPropertyValues("spring.flyway.locations=classpath:app-migration")
				.run(this::assertRunsJobs);
		}
		assertThat(migrations("background_job_schema_history")).containsOnlyOnce("1", "2", "3", "4", "5", "6", "7",
				"12", "13", "14", "15", "17");
	}

	@Test
	void leavesTheApplicationsMigrationsToItsOwnStrategy() {
		this.application.withPropertyValues("spring.flyway.locations=classpath:app-migration")
			.withUserConfiguration(NoMigration.class)
			.run((context) -> {
				assertThat(context).getBeanNames(FlywayMigrationStrategy.class).containsExactly("noMigration");
				assertThat(tables()).contains("background_job_job").doesNotContain("customer");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "_jobs_", "a_prefix_that_is_as_long_as_it_can_be_41_" })
	void runsUnderAnotherPrefix(String prefix) {
		this.application.withPropertyValues("background-jobs.schema.table-prefix=" + prefix).run((context) -> {
			assertRunsJobs(context);
			assertThat(tables()).filteredOn((table) -> !table.startsWith(prefix)).isEmpty();
			assertThat(tables()).contains(prefix + "job", prefix + "schema_history");
		});
	}

	@Test
	void keepsTwoApplicationsInOneDatabaseApart() {
		this.application.withPropertyValues("background-jobs.schema.table-prefix=one_").run((one) -> {
			this.application.withPropertyValues("background-jobs.schema.table-prefix=two_").run((two) -> {
				one.getBean(JobClient.class).enqueue(new Greet("one"));
				two.getBean(JobClient.class).enqueue(new Greet("two"));
				await().until(() -> one.getBean(Greetings.class).greeted(), List.of("one")::equals);
				await().until(() -> two.getBean(Greetings.class).greeted(), List.of("two")::equals);
			});
		});
	}

	@Test
	void namesWhatLacksWhereItMayNotCreateTables() {
		FailureAnalysis analysis = StartFailures
			.analysisOf(this.application.withPropertyValues("background-jobs.schema.initialize=never"));
		assertThat(analysis.getDescription())
			.contains("background_job_job, background_job_worker, background_job_pulse")
			.contains("background_job_history");
		assertThat(analysis.getAction()).contains("Run the SQL files in classpath:io/jobstarter/store/jdbc/migration")
			.contains("set background-jobs.schema.initialize to 'always'");
		assertThat(tables()).isEmpty();
	}

	@Test
	void namesTheColumnThatLacksWhereItMayNotCreateTables() {
		runByHand();
		this.database.sql("alter table background_job_job drop column crashes").update();
		FailureAnalysis analysis = StartFailures
			.analysisOf(this.application.withPropertyValues("background-jobs.schema.initialize=never"));
		assertThat(analysis.getDescription())
			.isEqualTo("The database lacks what background jobs need: background_job_job.crashes.");
	}

	@Test
	void namesWhatThisReleaseAddsOnTablesOfThoseBefore() {
		runByHand("V1__job_tables.sql");
		FailureAnalysis analysis = StartFailures
			.analysisOf(this.application.withPropertyValues("background-jobs.schema.initialize=never"));
		assertThat(analysis.getDescription())
			.startsWith("The database lacks what background jobs need: background_job_job.limits, ")
			.contains(", background_job_worker.report, ")
			.contains(", background_job_queue.concurrency, ", ", background_job_recurring, ")
			.contains(", background_job_dead_letter.fingerprint, ", ", background_job_dead_letter_note, ")
			.endsWith(", background_job_history_default.");
	}

	@Test
	void runsOnTablesThatWereMadeByHand() {
		runByHand();
		this.application.withPropertyValues("background-jobs.schema.initialize=never").run((context) -> {
			assertRunsJobs(context);
			assertThat(tables()).doesNotContain("background_job_schema_history");
		});
	}

	@Test
	void saysWhatToDoWhereATableIsInTheWay() {
		this.database.sql("create table background_job_job (x int)").update();
		FailureAnalysis analysis = StartFailures.analysisOf(this.application);
		assertThat(analysis.getDescription()).contains("background_job_*", "\"background_job_job\" already exists");
		assertThat(analysis.getAction()).contains("the right to create tables",
				"background-jobs.schema.initialize to 'never'");
	}

	@RepeatedTest(3)
	void migratesOnceWhereNodesStartTogetherOnAnEmptyDatabase() throws Exception {
		startTogether(this.application);
		assertThat(migrations("background_job_schema_history")).containsExactly("1", "2", "3", "4", "5", "6", "7", "12",
				"13", "14", "15", "17");
	}

	@RepeatedTest(3)
	void migratesOnceWhereNodesStartTogetherBesideTheApplicationsTables() throws Exception {
		this.database.sql("create table customer (name text)").update();
		startTogether(this.application);
		assertThat(migrations("background_job_schema_history")).containsOnlyOnce("1", "2", "3", "4", "5", "6", "7",
				"12", "13", "14", "15", "17");
	}

	@Test
	void migratesOnceWhereNodesWithMigrationsOfTheirOwnStartTogether() throws Exception {
		startTogether(this.application.withPropertyValues("spring.flyway.locations=classpath:app-migration"));
		assertThat(migrations("background_job_schema_history")).containsOnlyOnce("1", "2", "3", "4", "5", "6", "7",
				"12", "13", "14", "15", "17");
		assertThat(migrations("flyway_schema_history")).containsExactly("1");
	}

	private void startTogether(ApplicationContextRunner node) throws Exception {
		CyclicBarrier barrier = new CyclicBarrier(NODES);
		ExecutorService threads = Executors.newFixedThreadPool(NODES);
		try {
			List<Future<Void>> starts = new ArrayList<>();
			for (int i = 0; i < NODES; i++) {
				starts.add(threads.submit(start(node, barrier)));
			}
			for (Future<Void> start : starts) {
				start.get(60, TimeUnit.SECONDS);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private Callable<Void> start(ApplicationContextRunner node, CyclicBarrier barrier) {
		return () -> {
			barrier.await(30, TimeUnit.SECONDS);
			node.withPropertyValues("spring.datasource.hikari.maximum-pool-size=2").run(this::assertRunsJobs);
			return null;
		};
	}

	private void assertRunsJobs(ApplicationContext context) {
		context.getBean(JobClient.class).enqueue(new Greet("you"));
		await().until(() -> this.database.sql("select count(*) from " + prefix(context) + "history")
			.query(Long.class)
			.single() > 0);
	}

	private static String prefix(ApplicationContext context) {
		return context.getBean(BackgroundJobProperties.class).schema().tablePrefix();
	}

	private void runByHand() {
		runByHand("V1__job_tables.sql");
		runByHand("V2__queue_concurrency.sql");
		runByHand("V3__history_by_day.sql");
		runByHand("V4__circuit_breakers.sql");
		runByHand("V5__dead_letters.sql");
		runByHand("V6__redrives.sql");
		runByHand("V7__worker_reports.sql");
		runByHand("V12__recurring_jobs.sql");
		runByHand("V13__key_limits.sql");
		runByHand("V14__expiring_keys.sql");
		runByHand("V15__rates.sql");
		runByHand("V17__fleet_concurrency.sql");
	}

	private void runByHand(String name) {
		Resource script = new ClassPathResource("io/jobstarter/store/jdbc/migration/postgresql/" + name);
		try {
			String sql = script.getContentAsString(StandardCharsets.UTF_8);
			new JdbcTemplate(new DriverManagerDataSource(this.url, "postgres", "postgres"))
				.execute(sql.replace("${prefix}", "background_job_"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<String> tables() {
		return this.database.sql("select tablename from pg_tables where schemaname = 'public'")
			.query(String.class)
			.list();
	}

	// Object ids grow.
	private long created(String table) {
		return this.database.sql("select cast(cast(:table as regclass) as oid)")
			.param("table", table)
			.query(Long.class)
			.single();
	}

	private List<String> migrations(String history) {
		return this.database.sql("select version from " + history + " where type = 'SQL' and success")
			.query(String.class)
			.list();
	}

	@Configuration(proxyBeanMethods = false)
	static class NoMigration {

		@Bean
		FlywayMigrationStrategy noMigration() {
			return (flyway) -> flyway.info();
		}

	}

}
