package io.jobstarter.benchmarks.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The pool of an engine that is no Spring Boot application: the same for all.
 */
final class Database implements AutoCloseable {

	private final HikariDataSource dataSource;

	private final JdbcTemplate jdbc;

	Database(EngineSettings settings) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(settings.url());
		config.setUsername(settings.user());
		config.setPassword(settings.password());
		config.setMaximumPoolSize(settings.pool());
		this.dataSource = new HikariDataSource(config);
		this.jdbc = new JdbcTemplate(this.dataSource);
	}

	HikariDataSource dataSource() {
		return this.dataSource;
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	/**
	 * Makes an engine's tables unless one of them is there.
	 * @param table the table that tells
	 * @param script the path of the script on the class path
	 */
	void createUnlessThere(String table, String script) {
		Boolean there = this.jdbc.queryForObject("select to_regclass(?) is not null", Boolean.class, table);
		if (!Boolean.TRUE.equals(there)) {
			this.jdbc.execute(read(script));
		}
	}

	boolean isTrue(String query) {
		return Boolean.TRUE.equals(this.jdbc.queryForObject(query, Boolean.class));
	}

	private static String read(String path) {
		try (InputStream script = Database.class.getResourceAsStream(path)) {
			return new String(Objects.requireNonNull(script, path).readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

}
