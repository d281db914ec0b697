package io.jobstarter;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A key whose permit a job needs in order to run.
 *
 * @param kind what is limited
 * @param name the name of the limit and the key, {@code <group>:<key>}
 */
public record LimitKey(Kind kind, String name) {

	private static final String LIMIT = "limit:";

	private static final String ORDER = "order:";

	private static final String RATE = "rate:";

	/**
	 * Makes the key of a job.
	 * @param kind what is limited
	 * @param group the name of the limit
	 * @param key what is limited apart: at most 200 characters, none of them a control
	 * character
	 * @return the key
	 */
	public static LimitKey of(Kind kind, String group, String key) {
		return new LimitKey(kind, group + ":" + key);
	}

	/**
	 * Finds the order among keys.
	 * @param keys the keys of a job
	 * @return the id of the order, or {@code null} if there is none
	 */
	public static @Nullable String orderOf(Collection<LimitKey> keys) {
		return keys.stream().filter((key) -> key.kind.isOrder()).map(LimitKey::id).findFirst().orElse(null);
	}

	/**
	 * Finds those whose permits a running job holds.
	 * @param keys the keys of a job
	 * @return the keys of limits and orders
	 */
	public static List<LimitKey> held(List<LimitKey> keys) {
		return keys.isEmpty() ? keys : keys.stream().filter((key) -> key.kind != Kind.RATE).toList();
	}

	/**
	 * Finds those of rates.
	 * @param keys the keys of a job
	 * @return the keys
	 */
	public static List<LimitKey> rates(List<LimitKey> keys) {
		return keys.isEmpty() ? keys : keys.stream().filter((key) -> key.kind == Kind.RATE).toList();
	}

	/**
	 * Reads what a row holds.
	 * @param text one key a line, or {@code null} for none
	 * @return the keys. What a later release has written and this one does not know is
	 * left out, as is what names no limit: nobody who claims may fail for it
	 */
	public static List<LimitKey> parse(@Nullable String text) {
		if (text == null) {
			return List.of();
		}
		return text.lines()
			.filter((line) -> line.indexOf(':') > 0)
			.flatMap((line) -> Kind.of(line.charAt(0)).map((kind) -> new LimitKey(kind, line.substring(1))).stream())
			.toList();
	}

	/**
	 * Writes keys as a row holds them, the order first.
	 * @param keys the keys
	 * @return one key a line, or {@code null} for none
	 */
	public static @Nullable String format(Collection<LimitKey> keys) {
		return keys.isEmpty() ? null
				: keys.stream()
					.sorted(Comparator.comparing((LimitKey key) -> !key.kind.isOrder()))
					.map((key) -> key.kind.code + key.name)
					.distinct()
					.collect(Collectors.joining("\n"));
	}

	/**
	 * Tells the name of the row that counts its permits, which is also what a job is
	 * blocked by that waits for it.
	 * @return the name
	 */
	public String id() {
		return switch (this.kind) {
			case CONCURRENCY -> LIMIT;
			case ORDER, ORDER_SKIPPING -> ORDER;
			case RATE -> RATE;
		} + this.name;
	}

	/**
	 * Tells whether a text is the id of a key.
	 * @param text the text
	 * @return whether it is
	 */
	public static boolean isId(String text) {
		return isOrder(text) || text.startsWith(LIMIT);
	}

	/**
	 * Tells whether a key is an order.
	 * @param id the key's {@link #id()}
	 * @return whether it is
	 */
	public static boolean isOrder(String id) {
		return id.startsWith(ORDER);
	}

	/**
	 * Tells the name of the limit of a key.
	 * @param id the key's {@link #id()}
	 * @return the group
	 */
	public static String groupOf(String id) {
		return beginning(id.substring(id.indexOf(':') + 1));
	}

	/**
	 * Tells the name of the limit.
	 * @return the group
	 */
	public String group() {
		return beginning(this.name);
	}

	// Anybody may have written a row: what has no colon is the name of a limit.
	private static String beginning(String name) {
		int end = name.indexOf(':');
		return (end < 0) ? name : name.substring(0, end);
	}

	/**
	 * What a key limits.
	 */
	public enum Kind {

		/** How many jobs run at the same time. */
		CONCURRENCY('c'),

		/** One job after the other; the others wait while one waits for a retry. */
		ORDER('o'),

		/** One job after the other; the others go on while one waits for a retry. */
		ORDER_SKIPPING('s'),

		/** How many jobs start within a time. No permit of it is held or given back. */
		RATE('r');

		private final char code;

		Kind(char code) {
			this.code = code;
		}

		/**
		 * Tells whether jobs of a key run in order.
		 * @return whether they do
		 */
		public boolean isOrder() {
			return this == ORDER || this == ORDER_SKIPPING;
		}

		private static Optional<Kind> of(char code) {
			return Arrays.stream(values()).filter((kind) -> kind.code == code).findFirst();
		}

	}

}
