package io.jobstarter.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobstarter.autoconfigure.actuate.PayloadMaskProperties;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what an IDE shows for {@code background-jobs.*}: a text and a type for every
 * key, and the defaults that really hold.
 */
class ConfigurationMetadataTests {

	private final Map<String, JsonNode> metadata = metadata();

	@Test
	void knowsEveryKey() {
		assertThat(this.metadata).containsKeys(leaves("background-jobs", BackgroundJobProperties.class))
			.containsKeys(leaves("background-jobs.actuator", PayloadMaskProperties.class))
			.containsKeys("management.health.background-jobs.enabled", "management.endpoint.jobs.access",
					"management.endpoint.deadletters.access");
	}

	@Test
	void describesEveryKey() {
		assertThat(this.metadata).isNotEmpty().allSatisfy((key, property) -> {
			assertThat(property.path("description").asText()).as(key).hasSizeGreaterThan(20);
			assertThat(property.path("type").asText()).as(key).contains(".");
		});
	}

	@Test
	void describesTheKeysOfQueuesAndJobs() {
		assertThat(BackgroundJobProperties.Queue.class.getRecordComponents()).extracting(RecordComponent::getName)
			.containsExactly("concurrency", "weight");
		assertThat(this.metadata.get("background-jobs.queues").path("type").asText())
			.endsWith("BackgroundJobProperties$Queue>");
		assertThat(this.metadata.get("background-jobs.jobs").path("type").asText())
			.endsWith("BackgroundJobProperties$Job>");
	}

	@Test
	void showsTheDefaultsThatHold() {
		Map<String, Object> defaults = new LinkedHashMap<>();
		this.metadata.forEach((key, property) -> {
			if (property.has("defaultValue")) {
				defaults.put(key, property.get("defaultValue").asText());
			}
		});
		assertThat(bind(defaults, "background-jobs", BackgroundJobProperties.class))
			.isEqualTo(bind(Map.of(), "background-jobs", BackgroundJobProperties.class));
		assertThat(bind(defaults, "background-jobs.actuator", PayloadMaskProperties.class))
			.isEqualTo(bind(Map.of(), "background-jobs.actuator", PayloadMaskProperties.class));
	}

	@Test
	void showsADefaultForEveryKeyThatHasOne() throws ReflectiveOperationException {
		List<String> withDefault = new ArrayList<>();
		collectSet("background-jobs", bind(Map.of(), "background-jobs", BackgroundJobProperties.class), withDefault);
		collectSet("background-jobs.actuator", bind(Map.of(), "background-jobs.actuator", PayloadMaskProperties.class),
				withDefault);
		assertThat(withDefault).hasSizeGreaterThan(15)
			.allSatisfy((key) -> assertThat(this.metadata.get(key).has("defaultValue")).as(key).isTrue());
		assertThat(this.metadata.keySet()).filteredOn((key) -> this.metadata.get(key).has("defaultValue"))
			.filteredOn((key) -> key.startsWith("background-jobs."))
			.containsExactlyInAnyOrderElementsOf(withDefault);
	}

	private static <T> T bind(Map<String, Object> values, String prefix, Class<T> type) {
		return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
	}

	private static String[] leaves(String prefix, Class<?> type) {
		List<String> keys = new ArrayList<>();
		collectLeaves(prefix, type, keys);
		return keys.toArray(String[]::new);
	}

	private static void collectLeaves(String prefix, Class<?> type, List<String> keys) {
		for (RecordComponent component : type.getRecordComponents()) {
			String key = prefix + "." + kebabCase(component.getName());
			if (component.getType().isRecord()) {
				collectLeaves(key, component.getType(), keys);
			}
			else {
				keys.add(key);
			}
		}
	}

	// Empty maps and sets are no defaults to show.
	private static void collectSet(String prefix, Object record, List<String> keys)
			throws ReflectiveOperationException {
		for (RecordComponent component : record.getClass().getRecordComponents()) {
			String key = prefix + "." + kebabCase(component.getName());
			Object value = component.getAccessor().invoke(record);
			if (value instanceof Record nested) {
				collectSet(key, nested, keys);
			}
			else if (value != null && !(value instanceof Map) && !(value instanceof Iterable)) {
				keys.add(key);
			}
		}
	}

	private static String kebabCase(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	private static Map<String, JsonNode> metadata() {
		// Of this module: others on the class path have files of this name too.
		URL classes = BackgroundJobProperties.class.getProtectionDomain().getCodeSource().getLocation();
		try (InputStream json = new URL(classes, "META-INF/spring-configuration-metadata.json").openStream()) {
			Map<String, JsonNode> properties = new LinkedHashMap<>();
			new ObjectMapper().readTree(json)
				.path("properties")
				.forEach((property) -> properties.put(property.path("name").asText(), property));
			return properties;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
