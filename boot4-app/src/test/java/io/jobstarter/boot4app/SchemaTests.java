package io.jobstarter.boot4app;

import java.util.List;

import io.jobstarter.JobClient;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the tables get into a database beside those of the application, with Spring
 * Boot 4's own auto-configuration of Flyway on the class path.
 */
class SchemaTests {

	private final OwnDatabase database = OwnDatabase.postgres();

	private final JdbcClient client = this.database.client();

	@Test
	void startsWithoutMigrationsOfItsOwnOnASchemaThatHoldsTables() {
		this.client.sql("create table customer (name text)").update();
		startTwice("spring.flyway.locations=classpath:db/none");
		assertThat(tables()).contains("customer", "background_job_job", "background_job_schema_history")
			.doesNotContain("flyway_schema_history");
	}

	@Test
	void createsItsTablesAfterTheApplicationsOwnMigrations() {
		startTwice();
		assertThat(tables()).contains("orders", "background_job_job", "flyway_schema_history");
		assertThat(created("orders")).isLessThan(created("background_job_job"));
	}

	private void startTwice(String... properties) {
		for (int start = 1; start <= 2; start++) {
			try (RunningApp app = RunningApp.start(this.database, properties)) {
				app.bean(JobClient.class).enqueue(new SendReceipt(start));
				await().until(() -> !app.bean(AfterTheOrder.class).receipts().isEmpty());
			}
		}
	}

	private List<String> tables() {
		return this.client.sql("select tablename from pg_tables where schemaname = 'public'")
			.query(String.class)
			.list();
	}

	private long created(String table) {
		return this.client.sql("select oid::bigint from pg_class where relname = :name and relkind = 'r'")
			.param("name", table)
			.query(Long.class)
			.single();
	}

}
