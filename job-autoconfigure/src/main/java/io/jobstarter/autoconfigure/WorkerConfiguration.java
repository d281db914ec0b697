package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.JobRate;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Queue;
import io.jobstarter.autoconfigure.BackgroundJobProperties.RateLimit;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Worker;
import io.jobstarter.circuit.Circuits;
import io.jobstarter.client.OnFull;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobQueue;
import io.jobstarter.maintenance.AdoptUnknownWorkers;
import io.jobstarter.maintenance.AdvanceRedrives;
import io.jobstarter.maintenance.DeleteExpiredKeys;
import io.jobstarter.maintenance.DeleteOldRedrives;
import io.jobstarter.maintenance.DeleteOldRows;
import io.jobstarter.maintenance.FingerprintDeadLetters;
import io.jobstarter.maintenance.KeepHistoryByDay;
import io.jobstarter.maintenance.KeepKeys;
import io.jobstarter.maintenance.MaintenanceDuty;
import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.maintenance.MendFleetSlots;
import io.jobstarter.maintenance.PaceRates;
import io.jobstarter.maintenance.PromoteDueJobs;
import io.jobstarter.maintenance.RecoverDeadWorkers;
import io.jobstarter.maintenance.TidyBreakers;
import io.jobstarter.maintenance.TidyRates;
import io.jobstarter.maintenance.WakeForgottenJobs;
import io.jobstarter.maintenance.WatchDatabase;
import io.jobstarter.store.MaintenanceStore;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.worker.DeadLetterCallbacks;
import io.jobstarter.worker.JobWorker;
import io.jobstarter.worker.QueueRates;
import io.jobstarter.worker.WorkerDependencies;
import io.jobstarter.worker.WorkerSettings;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import io.jobstarter.worker.WorkerSettings.Reserved;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * What a node needs that runs jobs, rather than only enqueues them.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "background-jobs.worker.enabled", matchIfMissing = true)
class WorkerConfiguration {

	private static final Log logger = LogFactory.getLog(WorkerConfiguration.class);

	private static final Duration LONGEST_RECOVERY_INTERVAL = Duration.ofSeconds(5);

	private static final int CONNECTIONS_LEFT = 2;

	private static final int STANDARD_CONCURRENCY = 5;

	private final BackgroundJobProperties properties;

	WorkerConfiguration(BackgroundJobProperties properties, Environment environment) {
		SettingsCheck.checkSwitch("background-jobs.worker.enabled", properties.worker().enabled(), environment);
		this.properties = properties;
	}

	@Bean
	WorkerThreads backgroundJobThreads(Environment environment) {
		return WorkerThreads.of(this.properties.worker().threads(), environment);
	}

	@Bean
	WorkerSettings backgroundJobWorkerSettings(HandlerRegistry handlers, EngineConnections connections) {
		Map<String, QueueSettings> queues = queues(handlers);
		Worker worker = this.properties.worker();
		WorkerSettings settings = new WorkerSettings(worker.lease(), worker.heartbeat(), worker.pollInterval(),
				worker.shutdownTimeout(), queues, worker.queueOrder(), worker.concurrency(),
				this.properties.defaults().warnAfter(), this.properties.history().enabled(), ceiling(connections));
		connections.applicationPoolSize().ifPresent((poolSize) -> warnOfSmallPool(settings.leastSlots(), poolSize));
		new UnservedQueues(handlers, settings).warn(!this.properties.queues().isEmpty());
		return settings;
	}

	@Bean
	QueueRates backgroundJobQueueRates(JdbcStores stores) {
		Map<String, JobRate> rates = new LinkedHashMap<>();
		this.properties.queues().forEach((name, queue) -> {
			RateLimit rate = queue.rateLimit();
			if (rate.permits() != null) {
				rates.put(name, new JobRate(rate.permits(), rate.per()));
			}
		});
		return new QueueRates(rates, stores.rateStore());
	}

	// Stopped with its lifecycle as a rule; if the start fails after that of the worker,
	// Spring only destroys it.
	@Bean(destroyMethod = "stop")
	JobWorker backgroundJobWorker(WorkerSettings settings, JdbcStores stores, HandlerRegistry handlers,
			JobExecution execution, WorkerThreads threads, TransactionManagerReference transactions, SafeEvents events,
			WakeUpHub wakeUps, ContextPropagation context, Circuits circuits, Environment environment,
			DatabaseState database, QueueRates rates) {
		JobWorker worker = new JobWorker(settings,
				new WorkerDependencies(stores.claimStore(), stores.workerStore(), handlers, execution,
						threads.executor(), transactions.manager(), events, wakeUps, context, circuits, rates,
						stores.fleetStore()),
				application(environment));
		worker.autoStartupIf(database::isReady);
		wakeUps.add(worker);
		return worker;
	}

	// The version is that of the manifest where the application is run from its jar.
	private static @Nullable String application(Environment environment) {
		String name = environment.getProperty("spring.application.name", "");
		String label = (name + " " + environment.getProperty("spring.application.version", "")).strip();
		return label.isEmpty() ? null : label;
	}

	@Bean
	StartReport.Node backgroundJobReportedNode(JobWorker worker, WorkerSettings settings, WorkerThreads threads) {
		return new StartReport.Node(worker, settings, threads);
	}

	// Its own bean for the sake of the meters.
	@Bean
	@Nullable WatchDatabase backgroundJobDatabaseWatch(JdbcStores stores, JobWorker worker) {
		return stores.databaseWatch()
			.map((database) -> new WatchDatabase(database, this.properties.metrics().vacuumWarning(),
					() -> worker.health().id()))
			.orElse(null);
	}

	@Bean(destroyMethod = "stop")
	MaintenanceRunner backgroundJobMaintenance(JdbcStores stores, JobWorker worker, WakeUpHub wakeUps,
			SafeEvents events, HandlerRegistry handlers, RecurringDuties recurring, ObjectProvider<WatchDatabase> watch,
			DatabaseState database) {
		Duration lease = this.properties.worker().lease();
		MaintenanceStore store = stores.maintenanceStore();
		List<MaintenanceDuty> duties = new ArrayList<>();
		duties.add(new PromoteDueJobs(store, wakeUps, this.properties.worker().pollInterval(), stores.dueWatch()));
		duties.addAll(recurring.duties());
		RecoverDeadWorkers recovery = new RecoverDeadWorkers(store, wakeUps, events,
				(name) -> DeadLetterCallbacks.isPerhapsWanted(handlers, name), lease, recoveryInterval());
		worker.prepareBy(recovery::run);
		duties.add(recovery);
		duties.add(new AdoptUnknownWorkers(store, lease, lease.multipliedBy(10)));
		duties.add(() -> {
			worker.lookForForgotten();
			return lease.multipliedBy(10);
		});
		duties.add(new WakeForgottenJobs(store, wakeUps, lease.multipliedBy(10)));
		duties.add(new MendFleetSlots(stores.fleetStore(), lease));
		duties.add(new KeepKeys(stores.keyStore(), wakeUps, lease, handlers.haveKeys()));
		duties.add(new TidyBreakers(stores.breakerStore()));
		duties.add(new PaceRates(stores.ratePacer(), handlers.rates(), wakeUps));
		duties.add(new TidyRates(stores.rateStore()));
		duties.add(new DeleteOldRows(store, this.properties.history().retention(),
				this.properties.deadLetters().retention()));
		duties.add(new DeleteExpiredKeys(store));
		duties.add(new AdvanceRedrives(stores.redriveSteps(), wakeUps));
		duties.add(new DeleteOldRedrives(stores.redriveSteps(), this.properties.deadLetters().retention()));
		duties.add(new FingerprintDeadLetters(store));
		stores.historyDays()
			.ifPresent((days) -> duties.add(new KeepHistoryByDay(days, this.properties.history().retention())));
		watch.ifAvailable(duties::add);
		MaintenanceRunner runner = new MaintenanceRunner(duties, WorkerSettings.maxBackoff(lease), JobWorker.PHASE);
		runner.autoStartupIf(database::isReady);
		return runner;
	}

	@Bean(destroyMethod = "stop")
	DeadLetterCallbacks backgroundJobDeadLetterCallbacks(JdbcStores stores, HandlerRegistry handlers,
			JobExecution execution, ContextPropagation context, WorkerThreads threads, DatabaseState database) {
		DeadLetterCallbacks callbacks = new DeadLetterCallbacks(stores.callbackStore(), handlers, execution.callbacks(),
				context, threads.executor(), WorkerSettings.maxBackoff(this.properties.worker().lease()));
		callbacks.autoStartupIf(database::isReady);
		return callbacks;
	}

	@Bean
	NodeThreads backgroundJobNodeThreads(JobWorker worker, MaintenanceRunner maintenance, DeadLetterCallbacks callbacks,
			Notifications notifications) {
		return new NodeThreads(worker, maintenance, callbacks, notifications);
	}

	// A crash is noticed within lease + 5 s.
	private Duration recoveryInterval() {
		Duration heartbeat = this.properties.worker().heartbeat();
		return (heartbeat.compareTo(LONGEST_RECOVERY_INTERVAL) < 0) ? heartbeat : LONGEST_RECOVERY_INTERVAL;
	}

	// What grows by itself never takes the connections of others.
	private static int ceiling(EngineConnections connections) {
		return connections.applicationPoolSize()
			.stream()
			.map((poolSize) -> Math.max(0, poolSize - CONNECTIONS_LEFT))
			.findFirst()
			.orElse(Integer.MAX_VALUE);
	}

	private Map<String, QueueSettings> queues(HandlerRegistry handlers) {
		Map<String, QueueSettings> queues = new LinkedHashMap<>();
		this.properties.queues()
			.forEach((name, queue) -> queues.put(name, new QueueSettings(queue.concurrency(), queue.weight(),
					queue.minConcurrency(), queue.maxFleetConcurrency(), reserved(queue.reserved()))));
		if (queues.isEmpty()) {
			QueueSettings settings = new QueueSettings(STANDARD_CONCURRENCY, 1);
			queues.put(this.properties.defaults().queue(), settings);
			named(handlers).forEach((name) -> queues.putIfAbsent(name, settings));
		}
		return queues;
	}

	private static @Nullable Reserved reserved(BackgroundJobProperties.Reserved reserved) {
		return (reserved.slots() > 0) ? new Reserved(reserved.slots(), reserved.below()) : null;
	}

	private static List<String> named(HandlerRegistry handlers) {
		return handlers.definitions()
			.stream()
			.map(JobDefinition::queue)
			.filter(JobQueue::isFixed)
			.map(JobQueue::toString)
			.distinct()
			.sorted()
			.toList();
	}

	// Handlers that all use the database must leave some connections to everybody else.
	private static void warnOfSmallPool(int slots, int poolSize) {
		if (slots > poolSize - CONNECTIONS_LEFT) {
			logger.warn("This node runs up to " + slots + " jobs at the same time, but the application's pool has "
					+ poolSize + " connections: handlers that use the database may wait for one another, and the rest "
					+ "of the application with them. Raise the pool's size to " + (slots + CONNECTIONS_LEFT)
					+ " or more, or lower background-jobs.worker.concurrency");
		}
	}

}
