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
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Every key that this module declares, with the value that it has if nobody sets it:
 * found by the metadata's groups and the records that they are bound to.
 */
final class DeclaredSettings {

	private static final JsonNode METADATA = read();

	private DeclaredSettings() {
	}

	/**
	 * One key.
	 *
	 * @param key its full name; {@code <name>} stands for a name that users choose
	 * @param type its type
	 * @param value its default
	 */
	record Setting(String key, ResolvableType type, @Nullable Object value) {

		Class<?> rawType() {
			return this.type.toClass();
		}

		boolean isBelowAName() {
			return this.key.contains("<name>");
		}

		boolean hasDefault() {
			return this.value != null && !(this.value instanceof Iterable<?>) && !(this.value instanceof Map<?, ?>);
		}

		@Override
		public String toString() {
			return this.key;
		}

	}

	static JsonNode metadata(String part) {
		return METADATA.path(part);
	}

	/**
	 * Finds what properties are bound to.
	 * @return the records, by prefix
	 */
	static Map<String, Class<?>> roots() {
		Map<String, Class<?>> roots = new LinkedHashMap<>();
		for (JsonNode group : METADATA.path("groups")) {
			String type = group.path("type").asText();
			Class<?> found = type.startsWith("io.jobstarter.") ? ClassUtils.resolveClassName(type, null) : Void.class;
			if (found.isAnnotationPresent(ConfigurationProperties.class)) {
				roots.put(group.path("name").asText(), found);
			}
		}
		return roots;
	}

	static List<Setting> all() {
		List<Setting> settings = new ArrayList<>();
		roots().forEach((prefix, type) -> collect(prefix, bind(Map.of(), prefix, type), settings));
		return settings;
	}

	static <T> T bind(Map<String, ?> values, String prefix, Class<T> type) {
		return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
	}

	private static void collect(String prefix, Object bound, List<Setting> settings) {
		for (RecordComponent component : bound.getClass().getRecordComponents()) {
			String key = prefix + "." + kebabCase(component.getName());
			ResolvableType type = ResolvableType.forType(component.getGenericType());
			Class<?> named = type.asMap().getGeneric(1).toClass();
			Object value = value(component, bound);
			if (type.toClass().isRecord()) {
				collect(key, value, settings);
			}
			else if (named.isRecord()) {
				collect(key + ".<name>", bind(Map.of(), "none", named), settings);
			}
			else {
				settings.add(new Setting(key, type, value));
			}
		}
	}

	private static @Nullable Object value(RecordComponent component, Object record) {
		try {
			component.getAccessor().setAccessible(true);
			return component.getAccessor().invoke(record);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String kebabCase(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	// Of this module: others on the class path have files of this name too.
	private static JsonNode read() {
		URL classes = BackgroundJobProperties.class.getProtectionDomain().getCodeSource().getLocation();
		try (InputStream json = new URL(classes, "META-INF/spring-configuration-metadata.json").openStream()) {
			return new ObjectMapper().readTree(json);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
