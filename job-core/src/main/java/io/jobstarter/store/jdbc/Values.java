package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jobstarter.DueTime;
import org.jspecify.annotations.Nullable;

/**
 * How values stand in columns and parameters.
 */
final class Values {

	private static final JsonMapper JSON = new JsonMapper();

	private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {
	};

	private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

	private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

	private static final Duration LONGEST = Duration.ofDays(365_250);

	private Values() {
	}

	/**
	 * Microseconds, for {@code … * interval '0.000001' second}.
	 * @param duration a duration
	 * @return its microseconds, at most a thousand years
	 */
	static long micros(Duration duration) {
		Duration bounded = (duration.compareTo(LONGEST) > 0) ? LONGEST : duration;
		return TimeUnit.MICROSECONDS.convert(bounded);
	}

	/**
	 * Text for {@code cast(… as timestamp with time zone)}.
	 * @param instant an instant
	 * @return its text; what lies outside of the calendar's first 9999 years is moved to
	 * their ends
	 */
	static String timestamp(Instant instant) {
		Instant bounded = instant.isBefore(FIRST) ? FIRST : instant.isAfter(LAST) ? LAST : instant;
		return bounded.truncatedTo(ChronoUnit.MICROS).toString();
	}

	static String json(Object value) {
		try {
			return JSON.writeValueAsString(value);
		}
		catch (JsonProcessingException ex) {
			throw new IllegalStateException("Strings and numbers are always JSON", ex);
		}
	}

	static @Nullable String dueAt(DueTime due) {
		return (due instanceof DueTime.At at) ? timestamp(at.instant()) : null;
	}

	static long delay(DueTime due) {
		return (due instanceof DueTime.In in) ? micros(in.delay()) : 0;
	}

	static Instant instant(ResultSet row, String column) throws SQLException {
		return Objects.requireNonNull(nullableInstant(row, column));
	}

	static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
		if (isWithoutZone(row, column)) {
			Timestamp value = row.getTimestamp(column, utc());
			return (value != null) ? value.toInstant() : null;
		}
		OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
		return (value != null) ? value.toInstant() : null;
	}

	static Instant zonedInstant(ResultSet row, int column) throws SQLException {
		return row.getObject(column, OffsetDateTime.class).toInstant();
	}

	static Instant utcInstant(ResultSet row, int column) throws SQLException {
		return row.getTimestamp(column, utc()).toInstant();
	}

	private static Calendar utc() {
		return Calendar.getInstance(TimeZone.getTimeZone("UTC"));
	}

	// MariaDB's columns hold UTC. Unless it is told so, its driver takes them for times
	// of this process's zone, even as LocalDateTime, and moves those that do not exist
	// there.
	private static boolean isWithoutZone(ResultSet row, String column) throws SQLException {
		return "DATETIME".equals(row.getMetaData().getColumnTypeName(row.findColumn(column)));
	}

	static @Nullable Long nullableLong(ResultSet row, String column) throws SQLException {
		long value = row.getLong(column);
		return row.wasNull() ? null : value;
	}

	static @Nullable String headers(Map<String, String> headers) {
		return headers.isEmpty() ? null : json(headers);
	}

	/**
	 * Reads headers. Those that cannot be read are none: a row that somebody has damaged
	 * must not keep the others from being claimed.
	 * @param json what {@link #headers(Map)} wrote
	 * @return the headers
	 */
	static Map<String, String> headers(@Nullable String json) {
		if (json == null) {
			return Map.of();
		}
		try {
			Map<String, String> headers = JSON.readValue(json, HEADERS);
			headers.values().removeIf((value) -> value == null);
			return Map.copyOf(headers);
		}
		catch (JsonProcessingException | RuntimeException ex) {
			return Map.of();
		}
	}

	/**
	 * Writes tags with a comma before and after each, so that {@code like '%,tag,%'}
	 * finds one in any database.
	 * @param tags the tags
	 * @return the text, or {@code null} if there are none
	 */
	static @Nullable String tags(List<String> tags) {
		return tags.isEmpty() ? null : "," + String.join(",", tags) + ",";
	}

	static List<String> tags(@Nullable String tags) {
		return (tags == null) ? List.of() : Arrays.stream(tags.split(",")).filter((tag) -> !tag.isEmpty()).toList();
	}

	static Long[] ids(Collection<Long> ids) {
		return ids.toArray(Long[]::new);
	}

}
