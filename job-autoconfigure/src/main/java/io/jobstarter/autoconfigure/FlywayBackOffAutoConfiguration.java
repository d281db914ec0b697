package io.jobstarter.autoconfigure;

import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Keeps Flyway, which comes with the starter for the tables of background jobs, from
 * touching the schema of an application that has no migrations of its own: Spring Boot
 * would otherwise fail on one that holds tables already, Hibernate would leave the schema
 * of an embedded database to migrations that do not exist, scripts could not run after
 * Hibernate, and several data sources would be one too many.
 * <p>
 * Slice tests import it as well, since they run Flyway, too. Nor does it matter whether
 * jobs are switched off: Flyway is there.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration")
@ConditionalOnClass({ Flyway.class, FlywayMigrationStrategy.class })
public final class FlywayBackOffAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	FlywayMigrationStrategy backgroundJobFlywayMigrationStrategy() {
		return (flyway) -> {
			if (FlywayMigrations.exist(flyway.getConfiguration())) {
				flyway.migrate();
			}
		};
	}

	@Bean
	static NeedlessFlywayPostProcessor backgroundJobNeedlessFlyway(Environment environment) {
		return new NeedlessFlywayPostProcessor(environment);
	}

	@Bean
	static UnmanagedSchemaPostProcessor backgroundJobUnmanagedSchema(ObjectProvider<Flyway> flyways) {
		return new UnmanagedSchemaPostProcessor(flyways);
	}

}
