package io.jobstarter.autoconfigure;

import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;

/**
 * Lets Spring Boot know that a Flyway without migrations manages no schema. Otherwise
 * Hibernate would no longer create the tables in an embedded database by itself.
 */
final class UnmanagedSchemaPostProcessor implements BeanPostProcessor {

	private static final String PROVIDER = "flywayDefaultDdlModeProvider";

	private final ObjectProvider<Flyway> flyways;

	UnmanagedSchemaPostProcessor(ObjectProvider<Flyway> flyways) {
		this.flyways = flyways;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!beanName.equals(PROVIDER) || !(bean instanceof SchemaManagementProvider provider)) {
			return bean;
		}
		return (SchemaManagementProvider) (dataSource) -> migrationsExist() ? provider.getSchemaManagement(dataSource)
				: SchemaManagement.UNMANAGED;
	}

	private boolean migrationsExist() {
		return this.flyways.stream().anyMatch((flyway) -> FlywayMigrations.exist(flyway.getConfiguration()));
	}

}
