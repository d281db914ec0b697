package io.jobstarter.store.jdbc;

import java.util.UUID;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

/**
 * The contract on H2, under a table prefix of its own.
 */
class H2StoreTests extends StoreContractTests implements HostileInputContract {

	private HikariDataSource pool;

	@Override
	DataSource open() {
		this.pool = Pools.open("jdbc:h2:mem:" + UUID.randomUUID() + ";LOCK_TIMEOUT=10000" + options(), "sa", "");
		return this.pool;
	}

	String options() {
		return "";
	}

	@Override
	String prefix() {
		return "app_jobs_";
	}

	@Override
	void close() {
		this.pool.close();
	}

}
