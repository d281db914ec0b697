package io.jobstarter.testdatabases;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a {@link PgBouncer} is started.
 *
 * @param settings lines of the section {@code [pgbouncer]} of {@code pgbouncer.ini} that
 * win over the launcher's own
 */
public record PgBouncerOptions(Map<String, String> settings) {

	public PgBouncerOptions {
		settings = Map.copyOf(settings);
	}

	/**
	 * Transaction mode, with five connections to each database of the server.
	 * @return the options
	 */
	public static PgBouncerOptions defaults() {
		return new PgBouncerOptions(Map.of());
	}

	/**
	 * These options with another pool mode.
	 * @param mode {@code session}, {@code transaction} or {@code statement}
	 * @return the new options
	 */
	public PgBouncerOptions withPoolMode(String mode) {
		return withSetting("pool_mode", mode);
	}

	/**
	 * These options with another number of connections to each database of the server.
	 * @param size the number
	 * @return the new options
	 */
	public PgBouncerOptions withPoolSize(int size) {
		return withSetting("default_pool_size", String.valueOf(size));
	}

	/**
	 * These options with one more setting.
	 * @param name the name of the setting, such as {@code ignore_startup_parameters}
	 * @param value its value, which may be empty
	 * @return the new options
	 */
	public PgBouncerOptions withSetting(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.settings);
		more.put(name, value);
		return new PgBouncerOptions(more);
	}

}
