package io.jobstarter.autoconfigure;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.StringUtils;

/**
 * Finds keys below {@code background-jobs} that nothing reads: Spring Boot passes over
 * what is misspelled without a word, and the default holds.
 */
final class UnknownSettings {

	private UnknownSettings() {
	}

	static void check(Environment environment) {
		StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
			.filter((source) -> !isEnvironment(source))
			.forEach(UnknownSettings::check);
	}

	private static void check(ConfigurationPropertySource source) {
		names(source).filter(KnownSettings.PREFIX::isAncestorOf)
			.map(source::getConfigurationProperty)
			.filter(Objects::nonNull)
			.forEach(UnknownSettings::check);
	}

	// Others write variables that look like ours: to every container, Kubernetes gives
	// BACKGROUND_JOBS_WORKER_PORT if there is a service of that name.
	private static boolean isEnvironment(ConfigurationPropertySource source) {
		return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
	}

	private static Stream<ConfigurationPropertyName> names(ConfigurationPropertySource source) {
		return (source instanceof IterableConfigurationPropertySource iterable) ? iterable.stream() : Stream.empty();
	}

	private static void check(ConfigurationProperty property) {
		ConfigurationPropertyName name = property.getName();
		KnownSettings.remedyIfUnknown(name).ifPresent((remedy) -> {
			throw new InvalidSettingException(name.toString(), "set" + SettingOrigin.of(property),
					"there is no such key", remedy);
		});
		Set<String> keys = KnownSettings.keysOfGroup(name);
		// Empty is what YAML makes of a group without keys.
		if (!keys.isEmpty() && StringUtils.hasText(String.valueOf(property.getValue()))) {
			throw new InvalidSettingException(name.toString(),
					"'" + property.getValue() + "'" + SettingOrigin.of(property), "it has to be a group of keys",
					"Set its keys, which are " + String.join(", ", keys) + ".");
		}
	}

}
