package io.jobstarter.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.jobstarter.autoconfigure.DeclaredSettings.Setting;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the table of {@code docs/configuration.md} has every key, its real default
 * and its choices.
 */
class ConfigurationDocumentationTests {

	private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "docs", "configuration.md");

	private static final String PREFIX = "background-jobs.";

	private static final Map<String, Row> ROWS = new LinkedHashMap<>();

	static List<Setting> settings() {
		return DeclaredSettings.all();
	}

	static Stream<Setting> choices() {
		return settings().stream().filter((setting) -> setting.rawType().isEnum());
	}

	@BeforeAll
	static void readTheTable() throws IOException {
		Files.readAllLines(PAGE)
			.stream()
			.dropWhile((line) -> !line.startsWith("| Key |"))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.map(Row::of)
			.forEach((row) -> ROWS.put(PREFIX + row.key(), row));
	}

	@Test
	void hasARowForEveryKeyAndForNoOther() {
		assertThat(ROWS.keySet()).as("the keys in the table of docs/configuration.md")
			.containsExactlyInAnyOrderElementsOf(settings().stream().map(Setting::key).toList());
	}

	@ParameterizedTest
	@MethodSource("settings")
	void saysWhatAKeyIsFor(Setting setting) {
		assertThat(row(setting).meaning()).hasSizeGreaterThan(10);
	}

	@ParameterizedTest
	@MethodSource("settings")
	void tellsTheDefaultThatHolds(Setting setting) {
		String told = row(setting).standard();
		if (!setting.hasDefault()) {
			assertThat(told).as("the default, in words, for there is none").isNotBlank().doesNotStartWith("`");
			return;
		}
		assertThat(told).as("the default, as one writes it").matches("`.+`");
		Map<String, String> value = Map.of("told", told.substring(1, told.length() - 1));
		assertThat(
				new Binder(new MapConfigurationPropertySource(value)).bind("told", Bindable.of(setting.type())).get())
			.isEqualTo(setting.value());
	}

	@ParameterizedTest
	@MethodSource("choices")
	void namesEveryChoice(Setting setting) {
		assertThat(setting.rawType().getEnumConstants())
			.allSatisfy((choice) -> assertThat(row(setting).bounds()).contains("`" + SettingText.of(choice) + "`"));
	}

	private static Row row(Setting setting) {
		assertThat(ROWS).as("the keys in the table of docs/configuration.md").containsKey(setting.key());
		return ROWS.get(setting.key());
	}

	/**
	 * A row of the table.
	 *
	 * @param key the key, without its prefix
	 * @param standard the default
	 * @param bounds its bounds
	 * @param meaning what it is for
	 */
	private record Row(String key, String standard, String bounds, String meaning) {

		static Row of(String line) {
			String[] cells = line.split("\\|", -1);
			assertThat(cells).as(line).hasSize(6);
			return new Row(cells[1].strip().replace("`", ""), cells[2].strip(), cells[3].strip(), cells[4].strip());
		}

	}

}
