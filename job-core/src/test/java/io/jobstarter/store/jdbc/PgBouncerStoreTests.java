package io.jobstarter.store.jdbc;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.testdatabases.PgBouncer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The contract on PostgreSQL behind PgBouncer in transaction mode: 70 clients share five
 * sessions.
 */
class PgBouncerStoreTests extends StoreContractTests {

	private HikariDataSource pool;

	@Override
	DataSource open() {
		assumeTrue(PgBouncer.isAvailable(), "PgBouncer is not installed");
		PgBouncer pooler = PgBouncer.shared();
		this.pool = Pools.open(pooler.url(pooler.createDatabase()), pooler.username(), pooler.password());
		return this.pool;
	}

	@Override
	void close() {
		if (this.pool != null) {
			this.pool.close();
		}
	}

}
