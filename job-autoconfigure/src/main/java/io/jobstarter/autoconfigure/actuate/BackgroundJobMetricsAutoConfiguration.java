package io.jobstarter.autoconfigure.actuate;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.JobOperations;
import io.jobstarter.autoconfigure.BackgroundJobAutoConfiguration;
import io.jobstarter.autoconfigure.BackgroundJobProperties;
import io.jobstarter.autoconfigure.NodeThreads;
import io.jobstarter.autoconfigure.ObservationListeners;
import io.jobstarter.autoconfigure.QueueTags;
import io.jobstarter.autoconfigure.RecurringDeclarations;
import io.jobstarter.client.QueueBounds;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.maintenance.WatchDatabase;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.worker.JobWorker;
import io.jobstarter.worker.QueueRates;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration of the meters of background jobs.
 */
@AutoConfiguration(after = BackgroundJobAutoConfiguration.class,
		afterName = { "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, JobOperations.class, HandlerRegistry.class })
public final class BackgroundJobMetricsAutoConfiguration {

	private static final boolean MEASURES_THREADS = ClassUtils.isPresent("com.sun.management.ThreadMXBean",
			BackgroundJobMetricsAutoConfiguration.class.getClassLoader());

	@Bean
	@ConditionalOnMissingBean
	JobMeters backgroundJobMeters(MeterRegistry registry, HandlerRegistry handlers, BackgroundJobProperties properties,
			JdbcStores stores) {
		return new JobMeters(registry, handlers, new QueueTags(properties, handlers),
				stores.metricsStore()::historyFailures);
	}

	@Bean
	GaugeReadings backgroundJobGaugeReadings(JdbcStores stores, BackgroundJobProperties properties) {
		return new GaugeReadings(stores.metricsStore(), properties.metrics().refresh());
	}

	@Bean
	MeterBinder backgroundJobFleetMeters(GaugeReadings readings, HandlerRegistry handlers,
			BackgroundJobProperties properties) {
		return new FleetMeters(readings::fleet, readings::openDeadLetters, new QueueTags(properties, handlers),
				handlers, InstantSource.system());
	}

	@Bean
	MeterBinder backgroundJobWorkerMeters(ObjectProvider<JobWorker> worker, ObjectProvider<WatchDatabase> watch) {
		return (registry) -> {
			worker.ifAvailable((present) -> new SlotMeters(present).bindTo(registry));
			watch.ifAvailable((present) -> new DatabaseMeters(present).bindTo(registry));
		};
	}

	@Bean
	MeterBinder backgroundJobLimitMeters(ObjectProvider<QueueRates> rates, ObjectProvider<QueueBounds> bounds,
			BackgroundJobProperties properties) {
		Set<String> bounded = properties.queues()
			.entrySet()
			.stream()
			.filter((queue) -> queue.getValue().maxDepth() != null)
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
		return new LimitMeters(rates.getIfAvailable(), bounds.getIfAvailable(() -> QueueBounds.NONE), bounded);
	}

	@Bean
	JobMeterFilter backgroundJobMeterFilter(BackgroundJobProperties properties) {
		return new JobMeterFilter(properties.metrics().buckets());
	}

	@Bean
	AttemptMeters backgroundJobAttemptMeters(MeterRegistry registry, HandlerRegistry handlers,
			BackgroundJobProperties properties, ListableBeanFactory beans, Environment environment) {
		boolean timed = !properties.metrics().alwaysObserve()
				&& new ObservationListeners(beans, environment).areMetersOnly();
		return new AttemptMeters(registry, handlers.names(), new QueueTags(properties, handlers), timed,
				(MEASURES_THREADS && properties.metrics().resources()) ? ThreadResources.find() : null);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(JobWorker.class)
	NodeMeters backgroundJobNodeMeters(JobWorker worker, NodeThreads threads) {
		return new NodeMeters(worker, threads);
	}

	@Bean
	@ConditionalOnMissingBean
	RecurringMeters backgroundJobRecurringMeters(ObjectProvider<RecurringDeclarations> declarations) {
		RecurringDeclarations declared = declarations.getIfAvailable();
		return new RecurringMeters((declared != null)
				? declared.jobs().stream().map((job) -> job.definition().id()).collect(Collectors.toSet()) : Set.of());
	}

}
