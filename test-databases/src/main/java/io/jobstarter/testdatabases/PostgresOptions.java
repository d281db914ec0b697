package io.jobstarter.testdatabases;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an {@link EmbeddedPostgres} is started.
 *
 * @param settings lines of {@code postgresql.conf} that are added to, and win over, the
 * launcher's own; a test can still change them with {@code ALTER SYSTEM}
 * @param port the port to listen on, or 0 to pick a free one
 */
public record PostgresOptions(Map<String, String> settings, int port) {

	public PostgresOptions {
		if (port < 0 || port > 65535) {
			throw new IllegalArgumentException("No such port: " + port);
		}
		settings = Map.copyOf(settings);
	}

	/**
	 * The launcher's own settings, on a free port.
	 * @return the options
	 */
	public static PostgresOptions defaults() {
		return new PostgresOptions(Map.of(), 0);
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
		return new PostgresOptions(more, this.port);
	}

	/**
	 * These options on a fixed port.
	 * @param port the port to listen on
	 * @return the new options
	 */
	public PostgresOptions withPort(int port) {
		return new PostgresOptions(this.settings, port);
	}

}
