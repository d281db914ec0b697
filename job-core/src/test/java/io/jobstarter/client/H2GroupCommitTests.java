package io.jobstarter.client;

import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;

class H2GroupCommitTests extends GroupCommitContract {

	@Override
	HikariDataSource open() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		pool.setUsername("sa");
		pool.setPassword("");
		return pool;
	}

}
