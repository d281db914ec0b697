package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Says of a setting of ours that cannot be read what it has to look like. Spring Boot,
 * whose analyzer comes after this one, says that "30 sec" is no duration, but not how one
 * is written.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnreadableSettingFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^{}:]+)}");

	private final Environment environment;

	UnreadableSettingFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		boolean ours = KnownSettings.PREFIX.isAncestorOf(cause.getName());
		ConfigurationProperty property = ours ? property(cause) : null;
		if (property == null) {
			return null;
		}
		String value = value(cause, property);
		Matcher placeholder = PLACEHOLDER.matcher(value);
		InvalidSettingException invalid = placeholder.find() ? undefined(property, placeholder.group(1))
				: unreadable(cause, "'" + value + "'" + SettingOrigin.of(property));
		return new FailureAnalysis(invalid.getMessage() + ".", invalid.remedy(), cause);
	}

	// Of a group that was given a value the exception does not tell it.
	private @Nullable ConfigurationProperty property(BindException failure) {
		if (failure.getProperty() != null) {
			return failure.getProperty();
		}
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(failure.getName());
			if (property != null) {
				return property;
			}
		}
		return null;
	}

	// With what its placeholders stand for, where something does.
	private static String value(BindException failure, ConfigurationProperty property) {
		for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof ConversionFailedException conversion) {
				return String.valueOf(conversion.getValue());
			}
		}
		return String.valueOf(property.getValue());
	}

	private static InvalidSettingException undefined(ConfigurationProperty property, String placeholder) {
		return new InvalidSettingException(property.getName().toString(),
				"set to ${" + placeholder + "}" + SettingOrigin.of(property), "nothing defines " + placeholder,
				"Define it, or give it a default, as in ${" + placeholder + ":…}.");
	}

	private static InvalidSettingException unreadable(BindException failure, String quoted) {
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(failure.getTarget().getType().toClass());
		String key = failure.getName().toString();
		return new InvalidSettingException(key, quoted, "it has to be " + expected(type), remedy(key, type));
	}

	private static String expected(Class<?> type) {
		if (type.isEnum()) {
			return "one of " + constants(type);
		}
		if (type == Duration.class) {
			return "a duration";
		}
		if (type == DataSize.class) {
			return "a size";
		}
		if (type == Boolean.class) {
			return "true or false";
		}
		if (type == Double.class) {
			return "a number, such as 0.2";
		}
		return Number.class.isAssignableFrom(type) ? "a whole number of at most nine digits"
				: (type.isRecord() || Map.class.isAssignableFrom(type)) ? "a group of keys"
						: "a " + type.getSimpleName();
	}

	private static String remedy(String key, Class<?> type) {
		if (type == Duration.class) {
			return "Write a number and a unit, such as 500ms, 30s, 5m, 1h or 7d.";
		}
		if (type == DataSize.class) {
			return "Write a number and a unit, such as 500B, 64KB or 2MB.";
		}
		if (type.isRecord()) {
			return "Set its keys, which are " + Arrays.stream(type.getRecordComponents())
				.map((component) -> KnownSettings.kebabCase(component.getName()))
				.collect(Collectors.joining(", ")) + ".";
		}
		return Map.class.isAssignableFrom(type) ? "Name each in a key of its own, below " + key + "."
				: "Choose such a value, or remove the key.";
	}

	private static String constants(Class<?> type) {
		return Arrays.stream(type.getEnumConstants()).map(SettingText::of).sorted().collect(Collectors.joining(", "));
	}

}
