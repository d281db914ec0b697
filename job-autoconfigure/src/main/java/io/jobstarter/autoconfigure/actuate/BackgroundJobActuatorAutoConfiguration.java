package io.jobstarter.autoconfigure.actuate;

import io.jobstarter.JobOperations;
import io.jobstarter.autoconfigure.BackgroundJobAutoConfiguration;
import io.jobstarter.worker.JobWorker;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of what Actuator shows of background jobs.
 */
@AutoConfiguration(after = BackgroundJobAutoConfiguration.class)
@ConditionalOnClass(Endpoint.class)
@ConditionalOnBean(JobOperations.class)
@EnableConfigurationProperties(PayloadMaskProperties.class)
@Import(HealthCheckConfiguration.class)
public final class BackgroundJobActuatorAutoConfiguration {

	@Bean
	PayloadMask backgroundJobPayloadMask(PayloadMaskProperties properties) {
		return new PayloadMask(properties.showPayloads(), properties.roles());
	}

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	JobsEndpoint backgroundJobsEndpoint(JobOperations operations, PayloadMask mask) {
		return new JobsEndpoint(operations, mask);
	}

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	DeadLettersEndpoint backgroundJobDeadLettersEndpoint(JobOperations operations, PayloadMask mask) {
		return new DeadLettersEndpoint(operations, mask);
	}

	/**
	 * The health of a node that runs jobs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HealthIndicator.class)
	@ConditionalOnBean(JobWorker.class)
	static class HealthConfiguration {

		@Bean
		@ConditionalOnEnabledHealthIndicator("background-jobs")
		@ConditionalOnMissingBean(name = "backgroundJobsHealthIndicator")
		HealthIndicator backgroundJobsHealthIndicator(BackgroundJobHealthCheck check) {
			return new BackgroundJobHealthIndicator(check);
		}

	}

}
