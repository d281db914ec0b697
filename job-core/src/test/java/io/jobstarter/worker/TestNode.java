package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

import io.jobstarter.CurrentOperator;
import io.jobstarter.DeadLetter;
import io.jobstarter.DiscardOn;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.JobContextPropagator;
import io.jobstarter.JobEvent;
import io.jobstarter.JobHandler;
import io.jobstarter.JobOperations;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobRate;
import io.jobstarter.LimitKey;
import io.jobstarter.RetryOn;
import io.jobstarter.circuit.Circuits;
import io.jobstarter.circuit.LocalBreakers;
import io.jobstarter.client.DefaultJobClient;
import io.jobstarter.client.Enqueuer;
import io.jobstarter.client.NewJobFactory;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.execution.JobPermits;
import io.jobstarter.fixture.RecurringOperations;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobCallbacks;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobInvoker;
import io.jobstarter.handler.JobPolicies;
import io.jobstarter.handler.JobQueue;
import io.jobstarter.handler.JobRules.ConcurrencyRule;
import io.jobstarter.handler.JobRules.KeyRule;
import io.jobstarter.handler.JobRules.OrderRule;
import io.jobstarter.handler.JobRules.RateRule;
import io.jobstarter.handler.JobRules;
import io.jobstarter.handler.PayloadExpression;
import io.jobstarter.maintenance.AdoptUnknownWorkers;
import io.jobstarter.maintenance.AdvanceRedrives;
import io.jobstarter.maintenance.KeepKeys;
import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.maintenance.PaceRates;
import io.jobstarter.maintenance.MendFleetSlots;
import io.jobstarter.maintenance.PromoteDueJobs;
import io.jobstarter.maintenance.RecoverDeadWorkers;
import io.jobstarter.operations.DefaultJobOperations;
import io.jobstarter.policy.RetryPolicy;
import io.jobstarter.schedule.FireRecurringJobs;
import io.jobstarter.schedule.Schedules;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.FleetStore;
import io.jobstarter.store.MaintenanceStore;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.store.WorkerStore;
import io.jobstarter.support.Names;
import io.jobstarter.support.SafeEvents;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import io.jobstarter.worker.WorkerSettings.Reserved;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;
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

	private final DeadLetterCallbacks callbacks;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final JobClient client;

	private final JobOperations operations;

	private final TransactionTemplate transactions;

	private final JdbcTemplate jdbc;

	private final List<Object> events = new CopyOnWriteArrayList<>();

	private TestNode(Builder builder) {
		HandlerRegistry registry = new HandlerRegistry(builder.definitions);
		JacksonPayloadSerializer serializer = new JacksonPayloadSerializer();
		SafeEvents safeEvents = new SafeEvents((event) -> this.events.add(event));
		WakeUpHub wakeUps = new WakeUpHub();
		JdbcTransactionManager manager = new JdbcTransactionManager(builder.database.application());
		this.transactions = new TransactionTemplate(manager);
		this.jdbc = new JdbcTemplate(builder.database.application());
		Circuits circuits = new Circuits(builder.breakers, TestCircuits.instances(builder.definitions),
				builder.database.stores().breakerStore(), wakeUps, safeEvents, "test");
		JobExecution execution = new JobExecution(registry, serializer, List.of(), (text) -> text, builder.policy,
				permits(builder, circuits));
		this.client = new DefaultJobClient(registry, new NewJobFactory(serializer, 65_536, builder.context),
				new Enqueuer(builder.database.stores().enqueueStore(), manager, wakeUps, safeEvents), execution,
				manager);
		this.operations = new DefaultJobOperations(builder.database.stores().operationsStore(), manager, wakeUps,
				CurrentOperator.UNKNOWN, (name, payload) -> {
				}, safeEvents,
				RecurringOperations.of(builder.database.stores(), manager, wakeUps, safeEvents, registry));
		WorkerSettings settings = new WorkerSettings(builder.lease, builder.lease.dividedBy(5), builder.pollInterval,
				builder.shutdownTimeout, builder.queues, builder.queueOrder, builder.concurrency,
				Duration.ofMinutes(15), true);
		this.worker = new JobWorker(settings,
				new WorkerDependencies(builder.claims.apply(builder.database.stores().claimStore()),
						builder.workers.apply(builder.database.stores().workerStore()), registry, execution,
						this.threads, manager, safeEvents, wakeUps, builder.context, circuits,
						new QueueRates(builder.rates, builder.database.stores().rateStore()),
						builder.fleet.apply(builder.database.stores().fleetStore())),
				"shop 1.2");
		wakeUps.add(this.worker);
		wakeUps.add(builder.database.stores().dueWatch());
		this.callbacks = new DeadLetterCallbacks(builder.database.stores().callbackStore(), registry,
				execution.callbacks(), builder.context, builder.callbackThreads.apply(this.threads),
				Duration.ofMillis(500));
		safeEvents.tell(List.of(this.callbacks));
		MaintenanceStore store = builder.database.stores().maintenanceStore();
		this.maintenance = new MaintenanceRunner(List.of(
				new PromoteDueJobs(store, wakeUps, Duration.ofMillis(100), builder.database.stores().dueWatch()),
				new RecoverDeadWorkers(
						store, wakeUps, safeEvents, (name) -> DeadLetterCallbacks.isPerhapsWanted(registry, name),
						builder.lease, Duration.ofMillis(100)),
				new AdoptUnknownWorkers(store, builder.lease, Duration.ofMillis(500)),
				new PaceRates(builder.database.stores().ratePacer(), registry.rates(), wakeUps),
				new MendFleetSlots(builder.database.stores().fleetStore(), Duration.ofMillis(500)),
				new AdvanceRedrives(builder.database.stores().redriveSteps(), wakeUps),
				new KeepKeys(builder.database.stores().keyStore(), wakeUps, builder.lease, true), new FireRecurringJobs(
						builder.database.stores().recurringSteps(), new Schedules(), wakeUps, safeEvents)),
				Duration.ofMillis(500), JobWorker.PHASE);
	}

	private static List<JobPermits> permits(Builder builder, JobPermits circuits) {
		List<JobPermits> permits = new ArrayList<>(builder.permits);
		permits.add(circuits);
		return permits;
	}

	static Builder on(TestDatabase database) {
		return new Builder(database);
	}

	TestNode start() {
		this.worker.start();
		this.callbacks.start();
		this.maintenance.start();
		return this;
	}

	void stop() {
		this.worker.stop();
		this.callbacks.stop();
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

	void wakeCallbacks() {
		this.callbacks.wake();
	}

	JobWorker worker() {
		return this.worker;
	}

	<E> List<E> events(Class<E> type) {
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

		private final Map<String, JobRate> rates = new LinkedHashMap<>();

		private QueueOrder queueOrder = QueueOrder.STRICT;

		private @Nullable Integer concurrency;

		private Duration lease = Duration.ofSeconds(30);

		private Duration pollInterval = Duration.ofMillis(100);

		private Duration shutdownTimeout = Duration.ofSeconds(10);

		private UnaryOperator<ClaimStore> claims = (store) -> store;

		private UnaryOperator<FleetStore> fleet = (store) -> store;

		private LocalBreakers breakers = TestCircuits.NO_BREAKERS;

		private UnaryOperator<WorkerStore> workers = (store) -> store;

		private ContextPropagation context = ContextPropagation.NONE;

		private UnaryOperator<Executor> callbackThreads = (threads) -> threads;

		private List<JobPermits> permits = List.of();

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
			JobInvoker invoker = new HandlerInvoker((JobHandler<Object>) handler);
			this.definitions
				.add(new JobDefinition(Names.kebabCase(payloadType.getSimpleName()), Set.of(), payloadType.getName(),
						payloadType, JobQueue.of(traits.queue), 0, traits.timeout, traits.transactional, true,
						List.copyOf(traits.retryOn), List.<DiscardOn>of(), traits.policies, invoker)
					.withRules(traits.rules));
			return this;
		}

		Builder queue(String name, int concurrency) {
			this.queues.put(name, new QueueSettings(concurrency, 1));
			return this;
		}

		Builder queue(String name, int concurrency, Reserved reserved) {
			this.queues.put(name, new QueueSettings(concurrency, 1, null, null, reserved));
			return this;
		}

		Builder queue(String name, int concurrency, int weight) {
			this.queues.put(name, new QueueSettings(concurrency, weight));
			return this;
		}

		Builder rate(String entry, JobRate rate) {
			this.rates.put(entry, rate);
			return this;
		}

		Builder queue(String name, QueueSettings settings) {
			this.queues.put(name, settings);
			return this;
		}

		Builder fleet(UnaryOperator<FleetStore> fleet) {
			this.fleet = fleet;
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

		Builder breakers(LocalBreakers breakers) {
			this.breakers = breakers;
			return this;
		}

		Builder policy(RetryPolicy policy) {
			this.policy = policy;
			return this;
		}

		Builder context(JobContextPropagator... propagators) {
			this.context = new ContextPropagation(List.of(propagators));
			return this;
		}

		Builder callbackThreads(UnaryOperator<Executor> callbackThreads) {
			this.callbackThreads = callbackThreads;
			return this;
		}

		Builder permits(JobPermits... permits) {
			this.permits = List.of(permits);
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
	 * Calls a handler, and its callbacks where it has some.
	 *
	 * @param handler the handler
	 */
	private record HandlerInvoker(JobHandler<Object> handler) implements JobInvoker, JobCallbacks {

		@Override
		public void invoke(@Nullable Object payload, JobAttempt attempt) throws Exception {
			this.handler.handle(payload, attempt);
		}

		@Override
		public JobCallbacks callbacks() {
			return this;
		}

		@Override
		public boolean hearsOfDeath() {
			return overrides("onDead");
		}

		@Override
		public void onDead(@Nullable Object payload, DeadLetter letter) throws Exception {
			this.handler.onDead(payload, letter);
		}

		@Override
		public boolean hearsOfDiscard() {
			return overrides("onDiscard");
		}

		@Override
		public void onDiscard(@Nullable Object payload, JobAttempt attempt, JobOutcome.Discarded outcome)
				throws Exception {
			this.handler.onDiscard(payload, attempt, outcome);
		}

		@Override
		public void verify() {
		}

		private boolean overrides(String name) {
			return Arrays.stream(this.handler.getClass().getDeclaredMethods())
				.anyMatch((method) -> method.getName().equals(name));
		}

	}

	/**
	 * What is special about a handler.
	 */
	static final class Traits {

		private String queue = "default";

		private @Nullable Duration timeout;

		private boolean transactional;

		private JobPolicies policies = JobPolicies.NONE;

		private JobRules rules = JobRules.NONE;

		Traits limit(String group, String key, int to) {
			List<ConcurrencyRule> limits = new ArrayList<>(this.rules.concurrency());
			limits.add(new ConcurrencyRule(new KeyRule(group, PayloadExpression.parse(key)), to));
			this.rules = new JobRules(limits, this.rules.order(), this.rules.rates());
			return this;
		}

		Traits inOrder(String group, String key, LimitKey.Kind kind) {
			this.rules = new JobRules(this.rules.concurrency(),
					new OrderRule(new KeyRule(group, PayloadExpression.parse(key)), kind), this.rules.rates());
			return this;
		}

		Traits limitRate(String group, JobRate rate) {
			this.rules = new JobRules(this.rules.concurrency(), this.rules.order(),
					List.of(new RateRule(new KeyRule(group, null), rate)));
			return this;
		}

		Traits circuitBreaker(String instance) {
			this.policies = new JobPolicies(null, instance, null, null);
			return this;
		}

		Traits circuitBreaker(String instance, String key) {
			this.policies = new JobPolicies(null, instance, PayloadExpression.parse(key), null);
			return this;
		}

		private Set<RetryOn> retryOn = Set.of();

		Traits retryOnOf(Class<?> annotated) {
			this.retryOn = AnnotatedElementUtils.findMergedRepeatableAnnotations(annotated, RetryOn.class);
			return this;
		}

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
