package io.jobstarter.apps;

import java.util.List;

import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications whose migrations Liquibase runs: Flyway, which comes with the starter,
 * serves the tables of jobs alone.
 */
class LiquibaseApplicationTests {

	private final String url = EmbeddedPostgres.shared().createDatabase();

	private final JdbcClient database = JdbcClient
		.create(new DriverManagerDataSource(this.url, "postgres", "postgres"));

	private final App application = App.of(PlainApplication.class)
		.onPostgres(this.url)
		.with("spring.liquibase.enabled=true", "spring.liquibase.change-log=classpath:shop-changelog.sql");

	@Test
	void runsJobsInAnEmptySchema() {
		startTwice(this.application);
		assertThat(tables()).contains("databasechangelog", "customer", "background_job_job")
			.doesNotContain("flyway_schema_history");
		assertThat(created("customer")).isLessThan(created("background_job_job"));
	}

	@Test
	void runsJobsInASchemaThatHoldsTables() {
		this.database.sql("create table legacy (id int)").update();
		startTwice(this.application);
		assertThat(tables()).contains("legacy", "customer", "background_job_job")
			.doesNotContain("flyway_schema_history");
	}

	@Test
	void comesBackWithItsTablesWhereLiquibaseDropsTheSchemaAtEveryStart() {
		startTwice(this.application.with("spring.liquibase.drop-first=true"));
		assertThat(tables()).contains("customer", "background_job_job");
	}

	private static void startTwice(App application) {
		application.run(Greetings::assertRunsJobs);
		application.run(Greetings::assertRunsJobs);
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

}
