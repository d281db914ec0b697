package io.jobstarter.store.jdbc;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.testdatabases.EmbeddedMariaDb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The contract on MariaDB, whose sessions are REPEATABLE READ by default, under a table
 * prefix of its own.
 */
class MariaDbStoreTests extends StoreContractTests implements HostileInputContract {

	private HikariDataSource pool;

	@Override
	DataSource open() {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		this.pool = Pools.open(server.createDatabase(), server.username(), server.password());
		return this.pool;
	}

	@Override
	String prefix() {
		return "app_jobs_";
	}

	@Override
	void close() {
		if (this.pool != null) {
			this.pool.close();
		}
	}

}
