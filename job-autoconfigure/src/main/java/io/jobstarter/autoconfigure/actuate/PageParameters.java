package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.jobstarter.InvalidJobException;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.Names;
import org.jspecify.annotations.Nullable;

/**
 * Reads what callers of endpoints pass; what does not fit is a 400.
 */
final class PageParameters {

	private static final int DEFAULT_LIMIT = 50;

	private static final int MAX_SHOWN = 100;

	private static final int MAX_BREAKER = 300;

	private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{16}|crash|unreadable");

	private static final Pattern INSTANCE = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,199}");

	private static final Pattern CLASS_NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$.]{0,999}");

	private PageParameters() {
	}

	static JobId id(String id) {
		try {
			return JobId.parse(id);
		}
		catch (InvalidJobException ex) {
			throw new InvalidJobException("Not a job id: a job id is a positive number");
		}
	}

	static @Nullable JobId before(@Nullable String before) {
		return given(before, PageParameters::id);
	}

	static @Nullable String name(@Nullable String name) {
		return checked(name, Names::job);
	}

	static @Nullable String queue(@Nullable String queue) {
		return checked(queue, Names::queue);
	}

	static @Nullable String tag(@Nullable String tag) {
		return checked(tag, Names::tag);
	}

	static @Nullable String fingerprint(@Nullable String fingerprint) {
		return checked(fingerprint, (text) -> matching("fingerprint", text, FINGERPRINT));
	}

	static @Nullable String errorClass(@Nullable String errorClass) {
		return checked(errorClass, (text) -> matching("class name", text, CLASS_NAME));
	}

	static @Nullable String instance(@Nullable String instance) {
		return checked(instance, (text) -> matching("instance", text, INSTANCE));
	}

	static String breaker(String breaker) {
		return Names.text("name of a circuit breaker", breaker, 1, MAX_BREAKER);
	}

	private static String matching(String what, String text, Pattern pattern) {
		if (!pattern.matcher(text).matches()) {
			throw new InvalidJobException("'" + CleanText.printable(text, MAX_SHOWN) + "' is no " + what);
		}
		return text;
	}

	static int limit(@Nullable String limit) {
		Long number = number("limit", limit);
		if (number == null) {
			return DEFAULT_LIMIT;
		}
		if (number < 1) {
			throw new InvalidJobException("limit is at least 1");
		}
		return (int) Math.min(number, JobOperations.MAX_PAGE_SIZE);
	}

	static @Nullable Long number(String parameter, @Nullable String value) {
		return given(value, (text) -> {
			try {
				return Long.parseLong(text);
			}
			catch (NumberFormatException ex) {
				throw new InvalidJobException(parameter + " is a whole number");
			}
		});
	}

	static @Nullable Integer smallNumber(String parameter, @Nullable String value) {
		Long number = number(parameter, value);
		if (number != null && number != number.intValue()) {
			throw new InvalidJobException(parameter + " is out of range");
		}
		return (number != null) ? number.intValue() : null;
	}

	static @Nullable Boolean flag(String parameter, @Nullable String value) {
		return given(value, (text) -> switch (text.toLowerCase(Locale.ROOT)) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new InvalidJobException(parameter + " is true or false");
		});
	}

	static @Nullable Instant instant(String parameter, @Nullable String value) {
		return given(value, (text) -> {
			try {
				return Instant.parse(text);
			}
			catch (DateTimeParseException ex) {
				throw new InvalidJobException(parameter + " is a time such as 2025-01-31T03:00:00Z");
			}
		});
	}

	static <E extends Enum<E>> @Nullable E constant(String parameter, Class<E> type, @Nullable String value) {
		return given(value,
				(text) -> Arrays.stream(type.getEnumConstants())
					.filter((constant) -> word(constant).equals(text.toLowerCase(Locale.ROOT).replace('_', '-')))
					.findFirst()
					.orElseThrow(() -> new InvalidJobException(parameter + " is one of "
							+ Arrays.stream(type.getEnumConstants()).map(PageParameters::word).toList())));
	}

	static <E extends Enum<E>> E action(Class<E> type, @Nullable String value) {
		E action = constant("action", type, value);
		if (action == null) {
			throw new InvalidJobException("Missing: action, one of "
					+ Arrays.stream(type.getEnumConstants()).map(PageParameters::word).toList());
		}
		return action;
	}

	static <T> T required(String parameter, @Nullable T value) {
		if (value == null) {
			throw new InvalidJobException("Missing: " + parameter);
		}
		return value;
	}

	/**
	 * Refuses parameters that would be passed over.
	 * @param why what they do not go with
	 * @param values their values, each {@code null} if it is not given
	 */
	static void refuse(String why, @Nullable Object... values) {
		if (Stream.of(values).anyMatch(Objects::nonNull)) {
			throw new InvalidJobException(why);
		}
	}

	static List<String> words(@Nullable String value) {
		return (value == null || value.isBlank()) ? List.of()
				: Stream.of(value.split(",", -1)).map(String::strip).toList();
	}

	private static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static @Nullable String checked(@Nullable String value, UnaryOperator<String> check) {
		return (value != null && !value.isEmpty()) ? check.apply(value) : null;
	}

	private static <T> @Nullable T given(@Nullable String value, Function<String, T> parser) {
		return (value != null && !value.isBlank()) ? parser.apply(value.strip()) : null;
	}

}
