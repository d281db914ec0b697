package io.jobstarter.autoconfigure.actuate;

import io.jobstarter.JobOperations;
import io.jobstarter.RecurringJobs;
import io.jobstarter.autoconfigure.BackgroundJobAutoConfiguration;
import io.jobstarter.autoconfigure.BackgroundJobProperties;
import io.jobstarter.autoconfigure.QueueTags;
import io.jobstarter.autoconfigure.actuate.DeadLettersEndpoint.DeadLetterDetails;
import io.jobstarter.autoconfigure.actuate.DeadLettersEndpoint.DeadLetterGroups;
import io.jobstarter.autoconfigure.actuate.RecurringJobsEndpoint.RecurringDetails;
import io.jobstarter.autoconfigure.actuate.RecurringJobsEndpoint.RecurringPage;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.PayloadMasker;
import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.worker.JobWorker;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of what Actuator shows of background jobs.
 */
@AutoConfiguration(after = BackgroundJobAutoConfiguration.class)
@ConditionalOnClass(Endpoint.class)
@ConditionalOnBean({ JobOperations.class, HandlerRegistry.class })
@EnableConfigurationProperties(PayloadMaskProperties.class)
@Import(HealthCheckConfiguration.class)
@RegisterReflectionForBinding({ ProblemView.class, DeadLetterDetails.class, DeadLetterGroups.class, PageView.class,
		RedriveView.class, RecurringPage.class, RecurringDetails.class })
public final class BackgroundJobActuatorAutoConfiguration {

	@Bean
	PayloadMask backgroundJobPayloadMask(PayloadMaskProperties properties, PayloadMasker masker) {
		return new PayloadMask(properties.showPayloads(), properties.showErrors(), properties.roles(), masker);
	}

	@Bean
	JobEndpoints backgroundJobEndpoints() {
		return new JobEndpoints();
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

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	JobQueuesEndpoint backgroundJobQueuesEndpoint(JobOperations operations, BackgroundJobProperties properties,
			HandlerRegistry handlers) {
		return new JobQueuesEndpoint(operations, new QueueTags(properties, handlers).declared());
	}

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	JobWorkersEndpoint backgroundJobWorkersEndpoint(JobOperations operations) {
		return new JobWorkersEndpoint(operations);
	}

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	JobBreakersEndpoint backgroundJobBreakersEndpoint(JobOperations operations) {
		return new JobBreakersEndpoint(operations);
	}

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	JobLimitsEndpoint backgroundJobLimitsEndpoint(JobOperations operations) {
		return new JobLimitsEndpoint(operations);
	}

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	RecurringJobsEndpoint backgroundJobRecurringJobsEndpoint(RecurringJobs recurring, PayloadMask mask) {
		return new RecurringJobsEndpoint(recurring, mask);
	}

	@Bean
	OperatorActionAudit backgroundJobOperatorActionAudit(ApplicationEventPublisher publisher) {
		return new OperatorActionAudit(publisher);
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
