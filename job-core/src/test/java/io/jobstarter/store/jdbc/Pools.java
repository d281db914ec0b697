package io.jobstarter.store.jdbc;

import java.util.function.Consumer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/**
 * Makes connection pools.
 */
final class Pools {

	private Pools() {
	}

	static HikariDataSource open(String url, String user, String password) {
		return open(url, user, password, (config) -> {
		});
	}

	static HikariDataSource open(String url, String user, String password, Consumer<HikariConfig> customizer) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(user);
		config.setPassword(password);
		config.setMaximumPoolSize(70);
		config.setMinimumIdle(0);
		customizer.accept(config);
		return new HikariDataSource(config);
	}

}
