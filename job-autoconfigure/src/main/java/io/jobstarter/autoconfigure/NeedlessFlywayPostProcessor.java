package io.jobstarter.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.migration.JavaMigration;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.flyway.FlywayConfigurationCustomizer;
import org.springframework.boot.autoconfigure.flyway.FlywayConnectionDetails;
import org.springframework.boot.autoconfigure.flyway.FlywayDataSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Takes Spring Boot's Flyway away from an application that has no migrations, where the
 * start would fail with it: where scripts run after Hibernate
 * ({@code spring.jpa.defer-datasource-initialization}), since Flyway and Hibernate would
 * each have to be first, and where there are several data sources and nothing says which
 * one is Flyway's.
 */
final class NeedlessFlywayPostProcessor implements BeanDefinitionRegistryPostProcessor {

	private static final List<String> FLYWAY_BEANS = List.of("flywayInitializer", "flyway");

	private final Environment environment;

	NeedlessFlywayPostProcessor(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		if (registry instanceof ListableBeanFactory beans && (isDeferred() || lacksDataSource(registry, beans))
				&& !mayHaveMigrations(registry, beans)) {
			FLYWAY_BEANS.stream()
				.filter((name) -> isOfSpringBoot(registry, name))
				.forEach(registry::removeBeanDefinition);
		}
	}

	private boolean isDeferred() {
		return this.environment.getProperty("spring.jpa.defer-datasource-initialization", Boolean.class, false);
	}

	private boolean lacksDataSource(BeanDefinitionRegistry registry, ListableBeanFactory beans) {
		boolean own = this.environment.containsProperty("spring.flyway.url")
				|| this.environment.containsProperty("spring.flyway.user")
				|| beans.getBeanNamesForAnnotation(FlywayDataSource.class).length > 0
				|| Arrays.stream(beans.getBeanNamesForType(FlywayConnectionDetails.class, true, false))
					.anyMatch((name) -> !isOfSpringBoot(registry, name));
		return !own && !isOneChosen(registry, beans.getBeanNamesForType(DataSource.class, true, false));
	}

	// As Spring does it for the parameter that Boot's Flyway has for it.
	private static boolean isOneChosen(BeanDefinitionRegistry registry, String[] dataSources) {
		List<AbstractBeanDefinition> candidates = Arrays.stream(dataSources)
			.filter(registry::containsBeanDefinition)
			.map(registry::getBeanDefinition)
			.filter(AbstractBeanDefinition.class::isInstance)
			.map(AbstractBeanDefinition.class::cast)
			.filter((definition) -> definition.isAutowireCandidate() && definition.isDefaultCandidate())
			.toList();
		return candidates.size() == 1 || List.of(dataSources).contains("dataSource")
				|| candidates.stream().filter(BeanDefinition::isPrimary).count() == 1
				|| candidates.stream().filter((definition) -> !definition.isFallback()).count() == 1;
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
