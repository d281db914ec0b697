package io.jobstarter.boot4;

import io.jobstarter.autoconfigure.FlywayMigrations;
import org.flywaydb.core.Flyway;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;

/**
 * Keeps Flyway from touching the schema of an application that has no migrations of its
 * own: Spring Boot would otherwise fail on one that holds tables already, as it does once
 * those of background jobs are there.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
@ConditionalOnClass({ Flyway.class, FlywayMigrationStrategy.class })
@ConditionalOnProperty(name = "background-jobs.enabled", matchIfMissing = true)
public final class Boot4FlywayBackOffAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	FlywayMigrationStrategy backgroundJobFlywayMigrationStrategy() {
		return (flyway) -> {
			if (FlywayMigrations.exist(flyway.getConfiguration())) {
				flyway.migrate();
			}
		};
	}

}
