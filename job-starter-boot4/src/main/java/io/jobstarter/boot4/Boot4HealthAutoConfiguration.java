package io.jobstarter.boot4;

import io.jobstarter.autoconfigure.actuate.BackgroundJobActuatorAutoConfiguration;
import io.jobstarter.autoconfigure.actuate.BackgroundJobHealthCheck;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health of a node that runs jobs.
 */
@AutoConfiguration(after = BackgroundJobActuatorAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(BackgroundJobHealthCheck.class)
public final class Boot4HealthAutoConfiguration {

	@Bean
	@ConditionalOnEnabledHealthIndicator("background-jobs")
	@ConditionalOnMissingBean(name = "backgroundJobsHealthIndicator")
	HealthIndicator backgroundJobsHealthIndicator(BackgroundJobHealthCheck check) {
		return new Boot4HealthIndicator(check);
	}

}
