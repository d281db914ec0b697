package io.jobstarter.client;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.testdatabases.EmbeddedMariaDb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

class MariaDbGroupCommitTests extends GroupCommitContract {

	@Override
	HikariDataSource open() {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(server.createDatabase());
		pool.setUsername(server.username());
		pool.setPassword(server.password());
		return pool;
	}

}
