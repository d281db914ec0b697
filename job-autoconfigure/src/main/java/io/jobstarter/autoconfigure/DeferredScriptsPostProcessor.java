package io.jobstarter.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.migration.JavaMigration;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.flyway.FlywayConfigurationCustomizer;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Takes Spring Boot's Flyway away from an application that has no migrations and lets its
 * scripts run after Hibernate ({@code spring.jpa.defer-datasource-initialization}). With
 * both, Flyway and Hibernate would each have to be first, and the start would fail.
 */
final class DeferredScriptsPostProcessor implements BeanDefinitionRegistryPostProcessor {

	private static final List<String> FLYWAY_BEANS = List.of("flywayInitializer", "flyway");

	private final Environment environment;

	DeferredScriptsPostProcessor(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		boolean deferred = this.environment.getProperty("spring.jpa.defer-datasource-initialization", Boolean.class,
				false);
		if (deferred && registry instanceof ListableBeanFactory beans && !mayHaveMigrations(registry, beans)) {
			FLYWAY_BEANS.stream()
				.filter((name) -> isOfSpringBoot(registry, name))
				.forEach(registry::removeBeanDefinition);
		}
	}

	private boolean mayHaveMigrations(BeanDefinitionRegistry registry, ListableBeanFactory beans) {
		return Stream.of(JavaMigration.class, FlywayConfigurationCustomizer.class)
			.flatMap((type) -> Arrays.stream(beans.getBeanNamesForType(type, true, false)))
			.anyMatch((name) -> !isOfSpringBoot(registry, name)) || scriptsMayExist();
	}

	private boolean scriptsMayExist() {
		List<String> locations = Binder.get(this.environment)
			.bind("spring.flyway.locations", Bindable.listOf(String.class))
			.orElse(List.of("classpath:db/migration"));
		// A vendor is not known before there is a connection.
		return locations.stream().anyMatch((location) -> location.contains("{vendor}"))
				|| FlywayMigrations.exist(Flyway.configure().locations(locations.toArray(String[]::new)));
	}

	private static boolean isOfSpringBoot(BeanDefinitionRegistry registry, String name) {
		String configuration = registry.containsBeanDefinition(name)
				? registry.getBeanDefinition(name).getFactoryBeanName() : null;
		return configuration != null && configuration.startsWith("org.springframework.boot.");
	}

}
