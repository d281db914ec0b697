package io.jobstarter.autoconfigure;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Looks for wildcards of queues that are written without brackets. Spring Boot would drop
 * the asterisk without a word, and one queue would be served in place of many. Looks
 * before the settings are bound, which would fail without saying why.
 */
final class QueueKeysCheck implements ImportBeanDefinitionRegistrar {

	private static final Pattern WITHOUT_BRACKETS = Pattern.compile(
			"background-?jobs\\.queues\\.([^\\[\\]]*\\*[^\\[\\]]*?)(\\.(concurrency|weight|reserved\\.[a-z]+))?",
			Pattern.CASE_INSENSITIVE);

	private final Environment environment;

	QueueKeysCheck(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
		check(this.environment);
	}

	/**
	 * Looks for them. Generated code registers beans without asking this class, so that
	 * somebody else has to call it there.
	 * @param environment what is set
	 * @throws InvalidSettingException if there is one
	 */
	static void check(Environment environment) {
		if (environment instanceof ConfigurableEnvironment configurable) {
			configurable.getPropertySources()
				.stream()
				.filter(EnumerablePropertySource.class::isInstance)
				.flatMap((source) -> Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()))
				.map(WITHOUT_BRACKETS::matcher)
				.filter(Matcher::matches)
				.findFirst()
				.ifPresent(QueueKeysCheck::refuse);
		}
	}

	private static void refuse(Matcher key) {
		String entry = key.group(1);
		throw new InvalidSettingException("background-jobs.queues." + entry, "written without brackets",
				"a key with an asterisk needs them", "Write it as \"[" + entry + "]\", quotes included in YAML.");
	}

}
