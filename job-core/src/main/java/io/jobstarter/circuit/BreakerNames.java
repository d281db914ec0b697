package io.jobstarter.circuit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.PayloadExpression;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * The names of breakers within the fleet: the instance, or the instance, a colon and a
 * key. Keys are made of payloads: they are cleaned, and what is too long is cut and told
 * apart by a checksum.
 */
final class BreakerNames {

	/** The longest name of an instance. */
	static final int MAX_INSTANCE = 150;

	private static final int MAX_KEY = 100;

	private static final int CHECKSUM = 16;

	private static final String SEPARATOR = ":";

	private BreakerNames() {
	}

	static String of(String instance, JobDefinition definition, @Nullable Object payload) {
		PayloadExpression key = definition.policies().circuitBreakerKey();
		return (key == null || payload == null) ? instance : of(instance, key.evaluate(payload));
	}

	static String of(String instance, String key) {
		String clean = CleanText.printable(key, key.length() + 1).strip();
		if (clean.equals(key) && key.length() <= MAX_KEY && !key.isEmpty()) {
			return instance + SEPARATOR + key;
		}
		String cut = CleanText.storable(clean, MAX_KEY - CHECKSUM - 1);
		return instance + SEPARATOR + cut + "~" + checksum(key);
	}

	private static String checksum(String key) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_16));
			return HexFormat.of().formatHex(digest, 0, CHECKSUM / 2);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java has SHA-256", ex);
		}
	}

	/**
	 * Tells which instance a breaker belongs to.
	 * @param name the breaker's name
	 * @param instances the instances in question
	 * @return one of them, or {@code null}
	 */
	static @Nullable String instanceOf(String name, Set<String> instances) {
		if (instances.contains(name)) {
			return name;
		}
		return instances.stream().filter((instance) -> name.startsWith(instance + SEPARATOR)).findFirst().orElse(null);
	}

}
