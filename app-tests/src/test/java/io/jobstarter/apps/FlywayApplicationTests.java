package io.jobstarter.apps;

import java.sql.Statement;
import java.util.List;

import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.flyway.FlywayConfigurationCustomizer;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that have migrations of their own, run by Flyway.
 */
class FlywayApplicationTests {

	private static final String SCRIPTS = "spring.flyway.locations=classpath:shop-migration";

	private final String url = EmbeddedPostgres.shared().createDatabase();

	private final JdbcClient database = JdbcClient
		.create(new DriverManagerDataSource(this.url, "postgres", "postgres"));

	@Test
	void runsJobsWhereTheOnlyMigrationIsABean() {
		startTwice(App.of(OnlyABean.class).onPostgres(this.url));
		assertThat(versions("flyway_schema_history")).containsExactly("1");
		assertThat(versions("background_job_schema_history")).containsOnlyOnce("1");
	}

	@Test
	void runsJobsBesideScriptsAndBeans() {
		startTwice(App.of(LaterBean.class).onPostgres(this.url).with(SCRIPTS));
		assertThat(versions("flyway_schema_history")).containsExactly("1", "2");
		assertThat(tables("public")).contains("customer", "invoice", "background_job_job");
	}

	@Test
	void leavesTheConfigurationToTheApplicationsCustomizer() {
		this.database.sql("create table legacy (id int)").update();
		startTwice(App.of(BaselineCustomizer.class).onPostgres(this.url).with(SCRIPTS));
		assertThat(tables("public")).contains("legacy", "customer", "shop_history", "background_job_job")
			.doesNotContain("flyway_schema_history");
		assertThat(versions("shop_history")).contains("1");
	}

	@Test
	void comesBackWithItsTablesWhereTheApplicationCleansItsSchemaAtEveryStart() {
		startTwice(App.of(CleaningStrategy.class)
			.onPostgres(this.url)
			.with(SCRIPTS, "spring.flyway.clean-disabled=false"));
		assertThat(tables("public")).contains("customer", "background_job_job");
	}

	@Test
	void keepsItsTablesWhereTheConnectionsLeadThoughFlywayHasASchemaOfItsOwn() {
		startTwice(App.of(PlainApplication.class)
			.onPostgres(this.url)
			.with(SCRIPTS, "spring.flyway.schemas=shop", "spring.flyway.default-schema=shop"));
		assertThat(tables("shop")).containsExactlyInAnyOrder("customer", "flyway_schema_history");
		assertThat(tables("public")).contains("background_job_job").doesNotContain("customer");
	}

	private static void startTwice(App application) {
		application.run(Greetings::assertRunsJobs);
		application.run(Greetings::assertRunsJobs);
	}

	private List<String> tables(String schema) {
		return this.database.sql("select tablename from pg_tables where schemaname = :schema")
			.param("schema", schema)
			.query(String.class)
			.list();
	}

	private List<String> versions(String history) {
		return this.database
			.sql("select version from " + history + " where type in ('SQL', 'JDBC') and success order by 1")
			.query(String.class)
			.list();
	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class OnlyABean {

		@Bean
		JavaMigration customers() {
			return new V1__Customers();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class LaterBean {

		@Bean
		JavaMigration invoices() {
			return new V2__Invoices();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class BaselineCustomizer {

		@Bean
		FlywayConfigurationCustomizer legacySchema() {
			return (configuration) -> configuration.table("shop_history").baselineOnMigrate(true).baselineVersion("0");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class CleaningStrategy {

		@Bean
		FlywayMigrationStrategy cleanFirst() {
			return (flyway) -> {
				flyway.clean();
				flyway.migrate();
			};
		}

	}

	static class V1__Customers extends BaseJavaMigration {

		@Override
		public void migrate(Context context) throws Exception {
			try (Statement statement = context.getConnection().createStatement()) {
				statement.execute("create table customer (name text)");
			}
		}

	}

	static class V2__Invoices extends BaseJavaMigration {

		@Override
		public void migrate(Context context) throws Exception {
			try (Statement statement = context.getConnection().createStatement()) {
				statement.execute("create table invoice (amount int)");
			}
		}

	}

}
