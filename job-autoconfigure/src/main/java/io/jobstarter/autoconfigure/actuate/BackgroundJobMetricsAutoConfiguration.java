package io.jobstarter.autoconfigure.actuate;

import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.JobOperations;
import io.jobstarter.autoconfigure.BackgroundJobAutoConfiguration;
import io.jobstarter.autoconfigure.BackgroundJobProperties;
import io.jobstarter.autoconfigure.QueueTags;
import io.jobstarter.autoconfigure.RecurringDeclarations;
import io.jobstarter.handler.HandlerRegistry;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the meters of background jobs.
 */
@AutoConfiguration(after = BackgroundJobAutoConfiguration.class,
		afterName = { "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, JobOperations.class, HandlerRegistry.class })
public final class BackgroundJobMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JobMeters backgroundJobMeters(MeterRegistry registry, JobOperations operations, HandlerRegistry handlers,
			BackgroundJobProperties properties) {
		QueueTags tags = new QueueTags(properties, handlers);
		return new JobMeters(registry, handlers.names(), tags.declared(),
				new CachedQueueDepths(operations, tags, InstantSource.system()));
	}

	@Bean
	@ConditionalOnMissingBean
	BreakerMeters backgroundJobBreakerMeters(JobOperations operations, HandlerRegistry handlers) {
		return new BreakerMeters(operations, handlers);
	}

	@Bean
	@ConditionalOnMissingBean
	RecurringMeters backgroundJobRecurringMeters(ObjectProvider<RecurringDeclarations> declarations) {
		RecurringDeclarations declared = declarations.getIfAvailable();
		return new RecurringMeters((declared != null)
				? declared.jobs().stream().map((job) -> job.definition().id()).collect(Collectors.toSet()) : Set.of());
	}

}
