package io.jobstarter.boot4;

import io.jobstarter.autoconfigure.BackgroundJobAutoConfiguration;
import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.worker.JobWorker;

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
@AutoConfiguration(after = BackgroundJobAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(JobWorker.class)
public final class Boot4HealthAutoConfiguration {

	@Bean
	@ConditionalOnEnabledHealthIndicator("background-jobs")
	@ConditionalOnMissingBean(name = "backgroundJobsHealthIndicator")
	HealthIndicator backgroundJobsHealthIndicator(JobWorker worker, MaintenanceRunner maintenance) {
		return new Boot4HealthIndicator(worker, maintenance);
	}

}
