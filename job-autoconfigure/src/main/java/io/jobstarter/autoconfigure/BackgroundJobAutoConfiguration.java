package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.jobstarter.CurrentOperator;
import io.jobstarter.DeadLetterNotifier;
import io.jobstarter.JobClient;
import io.jobstarter.JobInterceptor;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.RecurringJobs;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Defaults;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Job;
import io.jobstarter.client.DefaultJobClient;
import io.jobstarter.client.EnqueueSettings;
import io.jobstarter.client.Enqueuer;
import io.jobstarter.client.NewJobFactory;
import io.jobstarter.client.QueueBound;
import io.jobstarter.client.QueueBounds;
import io.jobstarter.client.QueueDepths;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.execution.JobPermits;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.HandlerScanner;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefaults;
import io.jobstarter.handler.JobOverrides;
import io.jobstarter.handler.LimitSettings;
import io.jobstarter.handler.PayloadMasker;
import io.jobstarter.handler.PolicyOverrides;
import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.observation.DeadLetterLog;
import io.jobstarter.observation.DeadLetterNotifications;
import io.jobstarter.observation.EnqueueObservations;
import io.jobstarter.observation.JobEventLog;
import io.jobstarter.observation.ObservationJobInterceptor;
import io.jobstarter.observation.OperatorActionLog;
import io.jobstarter.operations.DefaultJobOperations;
import io.jobstarter.policy.RetryPolicies;
import io.jobstarter.policy.RetryPolicy;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.support.JobEventListener;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.worker.DeadLetterCallbacks;
import io.jobstarter.worker.JobWorker;
import io.jobstarter.worker.ServedQueues;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.Lifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of background jobs: everything that enqueues and operates. The
 * worker is in {@link WorkerConfiguration}.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
		"org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration",
		"org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
		"org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration",
		"org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
		"org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
		"org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
		"org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration" })
@ConditionalOnProperty(name = "background-jobs.enabled", matchIfMissing = true)
@Conditional(OnAnyDataSource.class)
@EnableConfigurationProperties(BackgroundJobProperties.class)
@Import({ QueueKeysCheck.class, ContextConfiguration.class, CircuitConfiguration.class, PolicyConfiguration.class,
		SecurityOperatorConfiguration.class, RecurringConfiguration.class, WorkerConfiguration.class,
		NotificationConfiguration.class, StartReportConfiguration.class })
public final class BackgroundJobAutoConfiguration {

	private final BackgroundJobProperties properties;

	BackgroundJobAutoConfiguration(ObjectProvider<BackgroundJobProperties> bound, Environment environment,
			BeanFactory beans) {
		QueueKeysCheck.check(environment);
		BackgroundJobProperties properties = bound.getObject();
		FixedAheadOfTime.check(properties, beans.containsBean("backgroundJobWorker"));
		UnknownSettings.check(environment);
		SettingsCheck.checkSwitch("background-jobs.enabled", properties.enabled(), environment);
		SettingsCheck.check(properties, shutdownPhase(environment));
		this.properties = properties;
	}

	private static Duration shutdownPhase(Environment environment) {
		return Binder.get(environment)
			.bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
			.orElse(Duration.ofSeconds(30));
	}

	@Bean
	DataSourceReference backgroundJobDataSourceReference(@BackgroundJobDataSource ObjectProvider<DataSource> marked,
			ObjectProvider<DataSource> candidates, ListableBeanFactory beans) {
		return DataSourceReference.of(marked, candidates, beans);
	}

	@Bean
	EngineConnections backgroundJobConnections(DataSourceReference reference) {
		return EngineConnections.of(reference.dataSource(), this.properties.worker());
	}

	@Bean
	DatabaseState backgroundJobDatabaseState() {
		return new DatabaseState();
	}

	@Bean
	DatabaseOpening backgroundJobDatabaseOpening(DataSourceReference reference, EngineConnections connections) {
		return new DatabaseOpening(reference.dataSource(), connections, this.properties);
	}

	// The schema belongs to the stores: nobody can have these without that, or without
	// knowing that it is not there yet.
	@Bean
	@DependsOnDatabaseInitialization
	JdbcStores backgroundJobStores(DatabaseOpening opening, DatabaseState database) {
		return opening.open(database);
	}

	@Bean(destroyMethod = "stop")
	LateStart backgroundJobLateStart(DatabaseState database, DatabaseOpening opening, JdbcStores stores,
			Notifications notifications, ObjectProvider<JobWorker> worker,
			ObjectProvider<MaintenanceRunner> maintenance, ObjectProvider<DeadLetterCallbacks> callbacks,
			StartReporter reporter) {
		return new LateStart(database, opening, stores,
				() -> Stream
					.of(Stream.of(notifications), worker.stream(), maintenance.stream(), callbacks.stream(),
							Stream.of(reporter))
					.flatMap((each) -> each.map(Lifecycle.class::cast))
					.toList());
	}

	@Bean
	TransactionManagerReference backgroundJobTransactions(DataSourceReference reference,
			@BackgroundJobTransactionManager ObjectProvider<PlatformTransactionManager> marked,
			ObjectProvider<PlatformTransactionManager> candidates, ListableBeanFactory beans) {
		return TransactionManagerReference.of(reference.dataSource(), marked, candidates, beans);
	}

	@Bean
	WakeUpHub backgroundJobWakeUps() {
		return new WakeUpHub();
	}

	@Bean
	SafeEvents backgroundJobEvents(ApplicationEventPublisher publisher) {
		return new SafeEvents(publisher);
	}

	@Bean
	SmartInitializingSingleton backgroundJobEventListeners(SafeEvents events,
			ObjectProvider<JobEventListener> listeners) {
		return () -> events.tell(listeners.orderedStream().toList());
	}

	@Bean
	JobEventLog backgroundJobEventLog(ContextPropagation context, PayloadMasker masker) {
		return new JobEventLog(context.logFields(), this.properties.log().payloads() ? masker::mask : null);
	}

	@Bean
	OperatorActionLog backgroundJobOperatorActionLog() {
		return new OperatorActionLog();
	}

	@Bean
	@ConditionalOnMissingBean
	DeadLetterNotifier backgroundJobDeadLetterNotifier() {
		return new DeadLetterLog();
	}

	@Bean
	DeadLetterNotifications backgroundJobDeadLetterNotifications(DeadLetterNotifier notifier) {
		return new DeadLetterNotifications(notifier);
	}

	@Bean
	@ConditionalOnMissingBean
	JobPayloadSerializer backgroundJobPayloadSerializer() {
		return new JacksonPayloadSerializer();
	}

	@Bean
	HandlerScanner backgroundJobHandlerScanner(ConfigurableListableBeanFactory beanFactory) {
		Map<String, JobOverrides> overrides = new LinkedHashMap<>();
		this.properties.jobs().forEach((name, job) -> overrides.put(name, overridesOf(job)));
		Defaults declared = this.properties.defaults();
		JobDefaults defaults = new JobDefaults(declared.queue(), declared.timeout(),
				StringUtils.hasText(declared.retry()) ? declared.retry().strip() : null);
		return new HandlerScanner(beanFactory, defaults, overrides,
				new LimitSettings(this.properties.limits(), this.properties.sensitiveNames()));
	}

	private static JobOverrides overridesOf(Job job) {
		return new JobOverrides(job.queue(), job.priority(), job.timeout(), job.deadLetter(),
				new PolicyOverrides(job.retry(), job.circuitBreaker(), job.circuitBreakerKey(), job.rateLimiter()));
	}

	@Bean
	HandlerRegistry backgroundJobHandlers(HandlerScanner scanner) {
		return scanner.scan();
	}

	@Bean
	SmartInitializingSingleton backgroundJobHandlerCheck(HandlerScanner scanner, HandlerRegistry handlers) {
		return () -> scanner.verify(handlers);
	}

	@Bean
	PayloadMasker backgroundJobPayloadMasker(HandlerRegistry handlers) {
		return new PayloadMasker(handlers, this.properties.sensitiveNames());
	}

	@Bean
	ObservationJobInterceptor backgroundJobObservations(ObjectProvider<ObservationRegistry> registry,
			HandlerRegistry handlers, ListableBeanFactory beans, Environment environment) {
		QueueTags tags = new QueueTags(this.properties, handlers);
		if (beans.containsBean("backgroundJobAttemptMeters") && !this.properties.metrics().alwaysObserve()
				&& new ObservationListeners(beans, environment).areMetersOnly()) {
			return new ObservationJobInterceptor(ObservationRegistry.NOOP, tags::of);
		}
		return new ObservationJobInterceptor(registry.getIfUnique(() -> ObservationRegistry.NOOP), tags::of);
	}

	@Bean
	JobExecution backgroundJobExecution(HandlerRegistry handlers, JobPayloadSerializer serializer,
			ObjectProvider<JobInterceptor> interceptors, ConfigurableListableBeanFactory beanFactory,
			RetryPolicy standard, ObjectProvider<RetryPolicies> policies, ObjectProvider<JobPermits> permits) {
		List<JobInterceptor> ordered = interceptors.orderedStream().toList();
		return new JobExecution(handlers, serializer, ordered, (text) -> {
			String resolved = beanFactory.resolveEmbeddedValue(text);
			return (resolved != null) ? resolved : "";
		}, policies.getIfAvailable(() -> (name) -> standard), permits.orderedStream().toList());
	}

	@Bean
	QueueDepths backgroundJobQueueDepths(JdbcStores stores, DatabaseState database) {
		return new QueueDepths(() -> database.isReady() ? stores.metricsStore().readyJobs() : Map.of());
	}

	@Bean
	QueueBounds backgroundJobQueueBounds(QueueDepths depths) {
		Map<String, QueueBound> bounds = new LinkedHashMap<>();
		this.properties.queues().forEach((name, queue) -> {
			if (queue.maxDepth() != null) {
				bounds.put(name, new QueueBound(name, queue.maxDepth(), queue.onFull()));
			}
		});
		ServedQueues entries = new ServedQueues(this.properties.queues().keySet());
		return bounds.isEmpty() ? QueueBounds.NONE
				: new QueueBounds((queue) -> entries.entryOf(queue).map(bounds::get).orElse(null), depths);
	}

	@Bean
	@ConditionalOnMissingBean
	JobClient backgroundJobClient(HandlerRegistry handlers, JobPayloadSerializer serializer, JdbcStores stores,
			JobExecution execution, TransactionManagerReference transactions, WakeUpHub wakeUps, SafeEvents events,
			ContextPropagation context, ObjectProvider<ObservationRegistry> registry, DatabaseState database,
			QueueBounds bounds) {
		NewJobFactory newJobs = new NewJobFactory(serializer, this.properties.defaults().maxPayload().toBytes(),
				context);
		EnqueueSettings settings = new EnqueueSettings(this.properties.enqueue(), this.properties.groupCommit());
		Enqueuer enqueuer = new Enqueuer(new GuardedEnqueueStore(stores.enqueueStore(), database),
				transactions.manager(), settings, wakeUps, events, bounds);
		EnqueueObservations observations = new EnqueueObservations(registry.getIfUnique(() -> ObservationRegistry.NOOP),
				new QueueTags(this.properties, handlers)::of);
		return new DefaultJobClient(handlers, newJobs, enqueuer, execution, transactions.manager(), observations);
	}

	@Bean
	@ConditionalOnMissingBean
	CurrentOperator backgroundJobCurrentOperator() {
		return CurrentOperator.UNKNOWN;
	}

	@Bean
	@ConditionalOnMissingBean
	JobOperations backgroundJobOperations(JdbcStores stores, TransactionManagerReference transactions,
			WakeUpHub wakeUps, CurrentOperator operator, HandlerRegistry handlers, JobPayloadSerializer serializer,
			SafeEvents events, RecurringJobs recurring) {
		CorrectedPayloads payloads = new CorrectedPayloads(handlers, serializer,
				this.properties.defaults().maxPayload().toBytes());
		return new DefaultJobOperations(stores.operationsStore(), transactions.manager(), wakeUps, operator, payloads,
				events, recurring);
	}

}
