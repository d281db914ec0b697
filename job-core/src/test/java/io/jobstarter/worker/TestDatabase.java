package io.jobstarter.worker;

import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.EmbeddedServer;
import io.jobstarter.testdatabases.PgBouncer;
import org.flywaydb.core.Flyway;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A fresh database with the tables in it, and the two pools that a node has.
 */
final class TestDatabase implements AutoCloseable {

	private final HikariDataSource application;

	private final HikariDataSource engine;

	private final JdbcStores stores;

	private TestDatabase(String url, String user) {
		this.application = pool(url, user, 10);
		this.engine = pool(url, user, 4);
		this.stores = JdbcStores.create(this.application, this.engine, "background_job_");
		Flyway.configure()
			.dataSource(this.engine)
			.locations(this.stores.migrationLocation())
			.table("background_job_schema_history")
			.placeholders(Map.of("prefix", "background_job_"))
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.load()
			.migrate();
	}

	static TestDatabase h2() {
		return new TestDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa");
	}

	static TestDatabase postgres() {
		return on(EmbeddedPostgres.shared());
	}

	static TestDatabase mariaDb() {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		return on(EmbeddedMariaDb.shared());
	}

	static TestDatabase on(EmbeddedServer server) {
		return new TestDatabase(server.createDatabase(), server.username());
	}

	static TestDatabase behind(PgBouncer pooler) {
		return new TestDatabase(pooler.url(pooler.createDatabase()), pooler.username());
	}

	private static HikariDataSource pool(String url, String user, int size) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(user);
		config.setPassword("");
		config.setMaximumPoolSize(size);
		config.setMinimumIdle(0);
		config.setConnectionTimeout(2_000);
		return new HikariDataSource(config);
	}

	DataSource application() {
		return this.application;
	}

	DataSource engine() {
		return this.engine;
	}

	JdbcStores stores() {
		return this.stores;
	}

	@Override
	public void close() {
		this.engine.close();
		this.application.close();
	}

}
