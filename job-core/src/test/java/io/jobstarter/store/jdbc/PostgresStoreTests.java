package io.jobstarter.store.jdbc;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.testdatabases.EmbeddedPostgres;

/**
 * The contract on PostgreSQL.
 */
class PostgresStoreTests extends StoreContractTests {

	private HikariDataSource pool;

	@Override
	DataSource open() {
		EmbeddedPostgres postgres = EmbeddedPostgres.shared();
		this.pool = Pools.open(postgres.createDatabase(), postgres.username(), postgres.password());
		return this.pool;
	}

	@Override
	void close() {
		this.pool.close();
	}

}
