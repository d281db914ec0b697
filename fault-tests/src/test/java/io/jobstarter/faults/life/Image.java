package io.jobstarter.faults.life;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * A row as the journal has it.
 *
 * @param columns the columns by their names
 */
record Image(Map<String, @Nullable Object> columns) {

	private static final ObjectMapper JSON = new ObjectMapper();

	static Image of(String json) {
		try {
			return new Image(JSON.readValue(json, new TypeReference<Map<String, @Nullable Object>>() {
			}));
		}
		catch (JsonProcessingException ex) {
			throw new IllegalArgumentException(json, ex);
		}
	}

	boolean has(String column) {
		return this.columns.get(column) != null;
	}

	String text(String column) {
		return Objects.toString(this.columns.get(column), "");
	}

	long number(String column) {
		Object value = this.columns.get(column);
		return (value != null) ? ((Number) value).longValue() : 0;
	}

	boolean flag(String column) {
		return Boolean.TRUE.equals(this.columns.get(column));
	}

	Instant time(String column) {
		return OffsetDateTime.parse(text(column)).toInstant();
	}

	/**
	 * Who holds the job.
	 * @return the worker and its claim, or what says that nobody does
	 */
	Fence fence() {
		return new Fence(number("worker"), number("claim"));
	}

	/**
	 * Where a job of the job table stands.
	 * @return the stage
	 */
	Stage stage() {
		return switch ((int) number("state")) {
			case 0 -> has("worker") ? Stage.RUNNING : Stage.READY;
			case 1 -> Stage.SCHEDULED;
			case 2 -> Stage.PARKED;
			case 3 -> Stage.KEYED;
			default -> throw new IllegalStateException("No such state: " + this);
		};
	}

	@Override
	public String toString() {
		return this.columns.entrySet()
			.stream()
			.filter((column) -> column.getValue() != null && !column.getKey().equals("headers"))
			.map((column) -> column.getKey().toLowerCase(Locale.ROOT) + "=" + column.getValue())
			.collect(Collectors.joining(" "));
	}

	/**
	 * Who holds a job.
	 *
	 * @param worker the worker, 0 for nobody
	 * @param claim its claim
	 */
	record Fence(long worker, long claim) {
	}

}
