package io.jobstarter.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobstarter.autoconfigure.DeclaredSettings.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what an IDE shows for {@code background-jobs.*}: a text and a type for every
 * key, and the defaults that really hold.
 */
class ConfigurationMetadataTests {

	private final Map<String, JsonNode> properties = byName("properties");

	private final Map<String, JsonNode> hints = byName("hints");

	static List<Setting> settings() {
		return DeclaredSettings.all();
	}

	// The format has no hints for what is below a name: editors know the types.
	static List<Setting> choices() {
		return settings().stream().filter((setting) -> setting.rawType().isEnum() && !setting.isBelowAName()).toList();
	}

	@Test
	void findsTheSettings() {
		assertThat(DeclaredSettings.roots()).containsKeys("background-jobs", "background-jobs.actuator");
		assertThat(settings()).extracting(Setting::key)
			.contains("background-jobs.worker.lease", "background-jobs.queues.<name>.weight",
					"background-jobs.actuator.roles")
			.doesNotHaveDuplicates();
	}

	@Test
	void knowsEveryKey() {
		assertThat(this.properties)
			.containsKeys(settings().stream()
				.filter((setting) -> !setting.isBelowAName())
				.map(Setting::key)
				.toArray(String[]::new))
			.containsKeys("background-jobs.queues", "background-jobs.jobs", "management.health.background-jobs.enabled",
					"management.endpoint.jobs.access", "management.endpoint.deadletters.access");
	}

	@Test
	void describesEveryKey() {
		assertThat(this.properties).isNotEmpty().allSatisfy((key, property) -> {
			assertThat(property.path("description").asText()).as(key).hasSizeGreaterThan(20);
			assertThat(property.path("type").asText()).as(key).contains(".");
		});
	}

	@ParameterizedTest
	@MethodSource("choices")
	void describesEveryChoice(Setting setting) {
		JsonNode hint = this.hints.get(setting.key());
		assertThat(hint).as("a hint in additional-spring-configuration-metadata.json").isNotNull();
		assertThat(hint.path("values")).extracting((value) -> value.path("value").asText())
			.containsExactlyInAnyOrderElementsOf(constants(setting));
		assertThat(hint.path("values"))
			.allSatisfy((value) -> assertThat(value.path("description").asText()).hasSizeGreaterThan(10));
	}

	@Test
	void suggestsTheNamesOfQueuesAndJobs() {
		assertThat(this.hints).containsKeys("background-jobs.queues.keys", "background-jobs.jobs.keys",
				"background-jobs.recurring.keys");
		assertThat(this.hints.get("background-jobs.queues.keys").path("providers").path(0).path("name").asText())
			.isEqualTo("any");
	}

	@Test
	void showsTheDefaultsThatHold() {
		Map<String, Object> defaults = new LinkedHashMap<>();
		this.properties.forEach((key, property) -> {
			if (property.has("defaultValue")) {
				defaults.put(key, property.get("defaultValue").asText());
			}
		});
		assertThat(DeclaredSettings.roots())
			.allSatisfy((prefix, type) -> assertThat(DeclaredSettings.bind(defaults, prefix, type))
				.isEqualTo(DeclaredSettings.bind(Map.of(), prefix, type)));
	}

	@ParameterizedTest
	@MethodSource("settings")
	void showsADefaultIfThereIsOne(Setting setting) {
		if (!setting.isBelowAName()) {
			assertThat(this.properties.get(setting.key()).has("defaultValue")).isEqualTo(setting.hasDefault());
		}
	}

	private static List<String> constants(Setting setting) {
		return List.of(setting.rawType().getEnumConstants()).stream().map(SettingText::of).toList();
	}

	private static Map<String, JsonNode> byName(String part) {
		Map<String, JsonNode> named = new LinkedHashMap<>();
		DeclaredSettings.metadata(part).forEach((item) -> named.put(item.path("name").asText(), item));
		return named;
	}

}
