package io.jobstarter.faults.fleet;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/**
 * The system properties that say what a run does, each of which has a default.
 */
public final class RunProperties {

	private final String prefix;

	private final UnaryOperator<@Nullable String> properties;

	/**
	 * Makes a reader.
	 * @param prefix what all names begin with
	 * @param properties knows the values by their names
	 */
	public RunProperties(String prefix, UnaryOperator<@Nullable String> properties) {
		this.prefix = prefix;
		this.properties = properties;
	}

	/**
	 * Tells which form of the test is to run.
	 * @return whether it is the long one
	 */
	public boolean isLong() {
		return "long".equals(get("form", Function.identity(), "short"));
	}

	public <T> T get(String name, Function<String, T> read, T otherwise) {
		String text = this.properties.apply(this.prefix + name);
		if (text == null || text.isBlank()) {
			return otherwise;
		}
		try {
			return read.apply(text.trim());
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"-D" + this.prefix + name + "=" + text + " cannot be: " + ex.getMessage(), ex);
		}
	}

	public int number(String name, int otherwise) {
		return get(name, Integer::valueOf, otherwise);
	}

	public Duration duration(String name, Duration otherwise) {
		return get(name, DurationStyle::detectAndParse, otherwise);
	}

	public long seed() {
		return get("seed", Long::valueOf, ThreadLocalRandom.current().nextLong(1, 1_000_000));
	}

}
