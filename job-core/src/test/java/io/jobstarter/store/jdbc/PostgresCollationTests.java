package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Set;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.store.Lane;
import io.jobstarter.store.QueueScope;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Queues in a database that sorts names as people do, and not by their bytes: those that
 * begin alike do not stand side by side.
 */
class PostgresCollationTests {

	private static final String DATABASE = "collation_test";

	private final EmbeddedPostgres postgres = EmbeddedPostgres.shared();

	private HikariDataSource pool;

	private StoreFixture fixture;

	@BeforeEach
	void open() {
		server().execute("create database " + DATABASE
				+ " template template0 locale_provider icu icu_locale 'en-u-ka-shifted' locale 'C'");
		this.pool = Pools.open(this.postgres.jdbcUrl(DATABASE), this.postgres.username(), this.postgres.password());
		this.fixture = new StoreFixture(this.pool, "background_job_");
	}

	@AfterEach
	void close() {
		this.pool.close();
		server().execute("drop database " + DATABASE + " with (force)");
	}

	private JdbcTemplate server() {
		return new JdbcTemplate(new DriverManagerDataSource(this.postgres.jdbcUrl(), this.postgres.username(),
				this.postgres.password()));
	}

	@Test
	void findsAllQueuesOfAPrefixAndNoOthers() {
		List<String> sorted = List.of("mail-a", "Mail-b", "mailb", "mail-c", "MAILc", "mail-d");
		sorted.forEach((queue) -> this.fixture.enqueue(2, "mail", queue));
		assertThat(this.fixture.sql("select distinct queue from background_job_job order by queue")
			.query(String.class)
			.list()).isNotEqualTo(sorted.stream().sorted().toList());
		assertThat(this.fixture.stores.claimStore().lanes(new QueueScope(Set.of(), Set.of("mail-"))))
			.extracting(Lane::queue)
			.containsExactlyInAnyOrder("mail-a", "mail-c", "mail-d");
		assertThat(this.fixture.stores.claimStore().lanes(new QueueScope(Set.of(), Set.of("")))).hasSize(6);
	}

}
