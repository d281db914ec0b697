package io.jobstarter.testdatabases;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an {@link EmbeddedPostgres} is started.
 *
 * @param settings lines of {@code postgresql.conf} that are added to, and win over, the
 * launcher's own; a test can still change them with {@code ALTER SYSTEM}
 * @param port the port to listen on, or 0 to pick a free one
 * @param environment variables of the server's environment beyond those of this JVM
 */
public record PostgresOptions(Map<String, String> settings, int port, Map<String, String> environment) {

	public PostgresOptions {
		if (port < 0 || port > 65535) {
			throw new IllegalArgumentException("No such port: " + port);
		}
		settings = Map.copyOf(settings);
		environment = Map.copyOf(environment);
	}

	/**
	 * The launcher's own settings, on a free port.
	 * @return the options
	 */
	public static PostgresOptions defaults() {
		return new PostgresOptions(Map.of(), 0, Map.of());
	}

	/**
	 * These options with one more server setting.
	 * @param name the name of the setting, such as {@code max_connections}
	 * @param value its value, without quotes
	 * @return the new options
	 */
	public PostgresOptions withSetting(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.settings);
		more.put(name, value);
		return new PostgresOptions(more, this.port, this.environment);
	}

	/**
	 * These options on a fixed port.
	 * @param port the port to listen on
	 * @return the new options
	 */
	public PostgresOptions withPort(int port) {
		return new PostgresOptions(this.settings, port, this.environment);
	}

	/**
	 * These options with an environment that the server is started in, also after a
	 * restart.
	 * @param environment the variables
	 * @return the new options
	 */
	public PostgresOptions withEnvironment(Map<String, String> environment) {
		return new PostgresOptions(this.settings, this.port, environment);
	}

}
