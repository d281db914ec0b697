package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

import io.jobstarter.CurrentOperator;
import io.jobstarter.DiscardOn;
import io.jobstarter.JobClient;
import io.jobstarter.JobContextPropagator;
import io.jobstarter.JobEvent;
import io.jobstarter.JobHandler;
import io.jobstarter.JobOperations;
import io.jobstarter.RetryOn;
import io.jobstarter.client.DefaultJobClient;
import io.jobstarter.client.Enqueuer;
import io.jobstarter.client.NewJobFactory;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobInvoker;
import io.jobstarter.maintenance.AdoptUnknownWorkers;
import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.maintenance.PromoteDueJobs;
import io.jobstarter.maintenance.RecoverDeadWorkers;
import io.jobstarter.operations.DefaultJobOperations;
import io.jobstarter.policy.RetryPolicy;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.MaintenanceStore;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.store.WorkerStore;
import io.jobstarter.support.Names;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A node as an application has one, put together by hand, with the short intervals of
 * tests.
 */
final class TestNode implements AutoCloseable {

	private final JobWorker worker;

	private final MaintenanceRunner maintenance;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final JobClient client;

	private final JobOperations operations;

	private final TransactionTemplate transactions;

	private final JdbcTemplate jdbc;

	private final List<JobEvent> events = new CopyOnWriteArrayList<>();

	private TestNode(Builder builder) {
		HandlerRegistry registry = new HandlerRegistry(builder.definitions);
		JacksonPayloadSerializer serializer = new JacksonPayloadSerializer();
		SafeEvents safeEvents = new SafeEvents((event) -> this.events.add((JobEvent) event));
		WakeUpHub wakeUps = new WakeUpHub();
		JdbcTransactionManager manager = new JdbcTransactionManager(builder.database.application());
		this.transactions = new TransactionTemplate(manager);
		this.jdbc = new JdbcTemplate(builder.database.application());
		JobExecution execution = new JobExecution(registry, serializer, List.of(), (text) -> text, builder.policy,
				List.of());
		this.client = new DefaultJobClient(registry, new NewJobFactory(serializer, 65_536, builder.context),
				new Enqueuer(builder.database.stores().enqueueStore(), manager, wakeUps, safeEvents), execution,
				manager);
		this.operations = new DefaultJobOperations(builder.database.stores().operationsStore(), manager, wakeUps,
				CurrentOperator.UNKNOWN);
		WorkerSettings settings = new WorkerSettings(builder.lease, builder.lease.dividedBy(5), builder.pollInterval,
				builder.shutdownTimeout, builder.queues, builder.queueOrder, builder.concurrency,
				Duration.ofMinutes(15), true);
		this.worker = new JobWorker(settings,
				new WorkerDependencies(builder.claims.apply(builder.database.stores().claimStore()),
						builder.workers.apply(builder.database.stores().workerStore()), registry, execution,
						this.threads, manager, safeEvents, wakeUps, builder.context));
		wakeUps.add(this.worker);
		wakeUps.add(builder.database.stores().dueWatch());
		MaintenanceStore store = builder.database.stores().maintenanceStore();
		this.maintenance = new MaintenanceRunner(
				List.of(new PromoteDueJobs(store, wakeUps, Duration.ofMillis(100),
						builder.database.stores().dueWatch()),
						new RecoverDeadWorkers(store, wakeUps, safeEvents, builder.lease, Duration.ofMillis(100)),
						new AdoptUnknownWorkers(store, builder.lease, Duration.ofMillis(500))),
				Duration.ofMillis(500), JobWorker.PHASE);
	}

	static Builder on(TestDatabase database) {
		return new Builder(database);
	}

	TestNode start() {
		this.worker.start();
		this.maintenance.start();
		return this;
	}

	void stop() {
		this.worker.stop();
		this.maintenance.stop();
	}

	JobClient client() {
		return this.client;
	}

	JobOperations operations() {
		return this.operations;
	}

	TransactionTemplate transactions() {
		return this.transactions;
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	JobWorker worker() {
		return this.worker;
	}

	<E extends JobEvent> List<E> events(Class<E> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	@Override
	public void close() {
		stop();
		this.threads.shutdownNow();
	}

	/**
	 * Says what the node is like.
	 */
	static final class Builder {

		private final TestDatabase database;

		private final List<JobDefinition> definitions = new ArrayList<>();

		private final Map<String, QueueSettings> queues = new LinkedHashMap<>();

		private QueueOrder queueOrder = QueueOrder.STRICT;

		private @Nullable Integer concurrency;

		private Duration lease = Duration.ofSeconds(30);

		private Duration pollInterval = Duration.ofMillis(100);

		private Duration shutdownTimeout = Duration.ofSeconds(10);

		private UnaryOperator<ClaimStore> claims = (store) -> store;

		private UnaryOperator<WorkerStore> workers = (store) -> store;

		private ContextPropagation context = ContextPropagation.NONE;

		private RetryPolicy policy = (failures, error) -> Optional.of(Duration.ofMillis(20))
			.filter((delay) -> failures < 3);

		private Builder(TestDatabase database) {
			this.database = database;
		}

		<P> Builder handle(Class<P> payloadType, JobHandler<P> handler) {
			return handle(payloadType, handler, new Traits());
		}

		@SuppressWarnings("unchecked")
		<P> Builder handle(Class<P> payloadType, JobHandler<P> handler, Traits traits) {
			JobInvoker invoker = (payload, attempt) -> handler.handle((P) payload, attempt);
			this.definitions.add(new JobDefinition(Names.kebabCase(payloadType.getSimpleName()), Set.of(),
					payloadType.getName(), payloadType, traits.queue, 0, traits.timeout, traits.transactional, true,
					List.<RetryOn>of(), List.<DiscardOn>of(), invoker));
			return this;
		}

		Builder queue(String name, int concurrency) {
			this.queues.put(name, new QueueSettings(concurrency, 1));
			return this;
		}

		Builder queue(String name, int concurrency, int weight) {
			this.queues.put(name, new QueueSettings(concurrency, weight));
			return this;
		}

		Builder queueOrder(QueueOrder queueOrder) {
			this.queueOrder = queueOrder;
			return this;
		}

		Builder concurrency(int concurrency) {
			this.concurrency = concurrency;
			return this;
		}

		Builder lease(Duration lease) {
			this.lease = lease;
			return this;
		}

		Builder pollInterval(Duration pollInterval) {
			this.pollInterval = pollInterval;
			return this;
		}

		Builder shutdownTimeout(Duration shutdownTimeout) {
			this.shutdownTimeout = shutdownTimeout;
			return this;
		}

		Builder claims(UnaryOperator<ClaimStore> claims) {
			this.claims = claims;
			return this;
		}

		Builder context(JobContextPropagator... propagators) {
			this.context = new ContextPropagation(List.of(propagators));
			return this;
		}

		Builder workers(UnaryOperator<WorkerStore> workers) {
			this.workers = workers;
			return this;
		}

		TestNode build() {
			if (this.queues.isEmpty()) {
				queue("default", 5);
			}
			return new TestNode(this);
		}

		TestNode start() {
			return build().start();
		}

	}

	/**
	 * What is special about a handler.
	 */
	static final class Traits {

		private String queue = "default";

		private @Nullable Duration timeout;

		private boolean transactional;

		Traits queue(String queue) {
			this.queue = queue;
			return this;
		}

		Traits timeout(Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		Traits transactional() {
			this.transactional = true;
			this.timeout = Duration.ofSeconds(60);
			return this;
		}

	}

}
