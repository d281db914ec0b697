package io.jobstarter.autoconfigure.actuate;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

import io.jobstarter.JobOperations;
import io.jobstarter.autoconfigure.BackgroundJobAutoConfiguration;
import io.jobstarter.autoconfigure.BackgroundJobProperties;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.worker.WorkerSettings;
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
			BackgroundJobProperties properties, ObjectProvider<WorkerSettings> worker) {
		Set<String> queues = new HashSet<>(properties.queues().keySet());
		queues.add(properties.defaults().queue());
		handlers.definitions().forEach((definition) -> queues.add(definition.queue()));
		worker.ifAvailable((settings) -> queues.addAll(settings.queues().keySet()));
		return new JobMeters(registry, handlers.names(), queues,
				new CachedQueueDepths(operations, InstantSource.system()));
	}

}
