package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.springframework.util.unit.DataSize;
import org.springframework.util.unit.DataUnit;

/**
 * Values as one writes them in the configuration: {@code 1h} rather than {@code PT1H}.
 */
final class SettingText {

	private static final Map<Duration, String> DURATION_UNITS = durationUnits();

	private SettingText() {
	}

	private static Map<Duration, String> durationUnits() {
		Map<Duration, String> units = new LinkedHashMap<>();
		units.put(Duration.ofDays(1), "d");
		units.put(Duration.ofHours(1), "h");
		units.put(Duration.ofMinutes(1), "m");
		units.put(Duration.ofSeconds(1), "s");
		units.put(Duration.ofMillis(1), "ms");
		return units;
	}

	static String of(Object value) {
		if (value instanceof Duration duration) {
			return of(duration);
		}
		if (value instanceof Enum<?> constant) {
			return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
		}
		return (value instanceof DataSize size) ? of(size) : value.toString();
	}

	private static String of(DataSize size) {
		return Stream.of(DataUnit.GIGABYTES, DataUnit.MEGABYTES, DataUnit.KILOBYTES)
			.filter((unit) -> size.toBytes() != 0 && size.toBytes() % DataSize.of(1, unit).toBytes() == 0)
			.findFirst()
			.map((unit) -> size.toBytes() / DataSize.of(1, unit).toBytes() + unit.name().substring(0, 1) + "B")
			.orElseGet(size::toString);
	}

	static String of(Duration duration) {
		if (duration.isZero()) {
			return "0s";
		}
		return DURATION_UNITS.entrySet()
			.stream()
			.filter((unit) -> duration.equals(unit.getKey().multipliedBy(duration.dividedBy(unit.getKey()))))
			.findFirst()
			.map((unit) -> duration.dividedBy(unit.getKey()) + unit.getValue())
			.orElseGet(duration::toString);
	}

}
