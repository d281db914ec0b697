package io.jobstarter.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.jobstarter.Audit;
import io.jobstarter.BackgroundJobException;
import io.jobstarter.CurrentOperator;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.DeadReason;
import io.jobstarter.EnqueueSpec;
import io.jobstarter.JobClient;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobLimits;
import io.jobstarter.JobOperations;
import io.jobstarter.JobOutcome;
import io.jobstarter.LimitKey;
import io.jobstarter.RecurringJobs;
import io.jobstarter.RecurringRequest;
import io.jobstarter.RedriveRequest;
import io.jobstarter.UniqueUntil;
import io.jobstarter.Uniqueness;
import io.jobstarter.client.DefaultJobClient;
import io.jobstarter.client.Enqueuer;
import io.jobstarter.client.NewJobFactory;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.fixture.RecurringOperations;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobRules;
import io.jobstarter.handler.JobRules.ConcurrencyRule;
import io.jobstarter.handler.JobRules.KeyRule;
import io.jobstarter.handler.JobRules.OrderRule;
import io.jobstarter.handler.PayloadExpression;
import io.jobstarter.operations.DefaultJobOperations;
import io.jobstarter.policy.BackoffPolicy;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.support.SafeEvents;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DataSourceTransactionManager;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static io.jobstarter.store.jdbc.StoreFixture.later;

/**
 * Calls every method of the API with everything hostile in each of its places. Methods
 * are found, not listed; a parameter of a type that is not known here is an error.
 */
final class HostileCalls {

	static final List<String> TEXTS = List.of("ok", "a\u0000b", "\uD800", "x\uDC00", "\u202Egnp.exe\u200F",
			"k".repeat(6_000), "\uD83D\uDE00".repeat(1_000), "'; drop table background_job_job; --", "%_\\",
			"\n\u001B[31m", "", "[".repeat(200_000));

	private static final List<Instant> INSTANTS = List.of(Instant.parse("2999-01-01T00:00:00Z"), Instant.MIN,
			Instant.MAX);

	private static final List<Duration> DURATIONS = List.of(Duration.ofHours(1), Duration.ofNanos(-1),
			Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE));

	private final StoreFixture fixture;

	private final JobClient client;

	private final JobOperations operations;

	private final Map<String, Samples> samples = new LinkedHashMap<>();

	private final List<String> wrong = new ArrayList<>();

	private int calls;

	private long letter;

	private long waiting;

	HostileCalls(StoreFixture fixture) {
		this.fixture = fixture;
		DataSourceTransactionManager manager = new DataSourceTransactionManager(fixture.dataSource);
		HandlerRegistry registry = new HandlerRegistry(List.of(definition(), definitionOfTrees()));
		SafeEvents events = new SafeEvents((event) -> {
		});
		WakeUpHub wakeUps = new WakeUpHub();
		JacksonPayloadSerializer serializer = new JacksonPayloadSerializer();
		this.client = new DefaultJobClient(registry, new NewJobFactory(serializer, 65_536, ContextPropagation.NONE),
				new Enqueuer(fixture.stores.enqueueStore(), manager, wakeUps, events),
				new JobExecution(registry, serializer, List.of(), (text) -> text, BackoffPolicy.DEFAULT, List.of()),
				manager);
		this.operations = new DefaultJobOperations(fixture.stores.operationsStore(), manager, wakeUps,
				CurrentOperator.UNKNOWN, (name, payload) -> {
				}, events, RecurringOperations.of(fixture.stores, manager, wakeUps, events, registry));
		prepare();
	}

	// Keys of each kind, by what the payload says.
	private static JobDefinition definition() {
		PayloadExpression key = PayloadExpression.parse("#{payload.text()}");
		return new JobDefinition("mail", Set.of(), "the test", Mail.class, "default", 0, null, false, true, List.of(),
				List.of(), (payload, attempt) -> {
				})
			.withRules(new JobRules(List.of(new ConcurrencyRule(new KeyRule("account", key), 3)),
					new OrderRule(new KeyRule("order", key), LimitKey.Kind.ORDER), List.of()));
	}

	private static JobDefinition definitionOfTrees() {
		return new JobDefinition("tree", Set.of(), "the test", Tree.class, "default", 0, null, false, true, List.of(),
				List.of(), (payload, attempt) -> {
				});
	}

	private void prepare() {
		this.letter = this.fixture.enqueue(job("mail"));
		this.fixture.settle(this.fixture.claimOne(), new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		text(String.class, (text) -> text);
		text(Object.class, Mail::new);
		sample(Object.class, nested());
		TEXTS.forEach((text) -> sample("java.util.Collection<?>", () -> List.of(new Mail(text))));
		TEXTS.forEach((text) -> sample("java.util.stream.Stream<?>", () -> Stream.of(new Mail(text))));
		sample("java.util.Collection<io.jobstarter.JobId>", () -> List.of(waiting(), letter()));
		text(Audit.class, Audit::because);
		text(Audit.class, Audit.NONE::by);
		text(JobFilter.class, JobFilter.ALL::withName);
		text(JobFilter.class, JobFilter.ALL::withQueue);
		text(JobFilter.class, JobFilter.ALL::withTag);
		filters();
		text(RecurringRequest.class, (text) -> RecurringRequest.of(text, "every day at 04:02", new Mail("ok")));
		text(RecurringRequest.class, (text) -> RecurringRequest.of("nightly", text, new Mail("ok")));
		text(RecurringRequest.class, (text) -> RecurringRequest.of("nightly", "every day at 04:02", new Mail(text)));
		text(RecurringRequest.class, (text) -> RecurringRequest.ofJobNamed("other", "every day at 04:02", text, "{}"));
		text(RecurringRequest.class,
				(text) -> RecurringRequest.ofJobNamed("other", "every day at 04:02", "mail", text));
		text(RecurringRequest.class,
				(text) -> RecurringRequest.of("nightly", "every day at 04:02", new Mail("ok")).queue(text));
		text(RecurringRequest.class,
				(text) -> RecurringRequest.of("nightly", "every day at 04:02", new Mail("ok")).description(text));
		text(Uniqueness.class, Uniqueness::of);
		DURATIONS.forEach((time) -> sample(Uniqueness.class, () -> Uniqueness.of("k").untilExpired(time)));
		DURATIONS.forEach((time) -> sample(Uniqueness.class, () -> Uniqueness.of("k").within(time)));
		INSTANTS.forEach((instant) -> sample(Instant.class, () -> instant));
		DURATIONS.forEach((duration) -> sample(Duration.class, () -> duration));
		Stream.of(1, Integer.MIN_VALUE, Integer.MAX_VALUE).forEach((number) -> sample(int.class, () -> number));
		Stream.of(1L, Long.MIN_VALUE, Long.MAX_VALUE).forEach((number) -> sample(long.class, () -> number));
		Stream.of(1L, Long.MIN_VALUE, Long.MAX_VALUE).forEach((number) -> sample(Long.class, () -> number));
		sample(UniqueUntil.class, () -> UniqueUntil.FINISHED);
		sample(JobId.class, this::waiting);
		sample(JobId.class, this::letter);
	}

	private void filters() {
		List<Function<String, DeadLetterFilter>> filters = List.of(DeadLetterFilter.OPEN::withName,
				DeadLetterFilter.OPEN::withQueue, DeadLetterFilter.OPEN::withFingerprint,
				DeadLetterFilter.OPEN::withErrorClass, DeadLetterFilter.OPEN::withTag);
		filters.forEach((filter) -> text(DeadLetterFilter.class, filter));
		filters.forEach((filter) -> text(RedriveRequest.class, (text) -> RedriveRequest.of(filter.apply(text))));
		INSTANTS.forEach(
				(instant) -> sample(DeadLetterFilter.class, () -> DeadLetterFilter.OPEN.withDied(instant, instant)));
		INSTANTS.forEach((instant) -> sample(RedriveRequest.class,
				() -> RedriveRequest.of(DeadLetterFilter.OPEN.withDied(instant, instant))));
	}

	private void text(Class<?> type, Function<String, ?> ofText) {
		TEXTS.forEach((text) -> sample(type, () -> ofText.apply(text)));
	}

	private void sample(Class<?> type, Supplier<?> sample) {
		sample(type.getName(), sample);
	}

	private void sample(String type, Supplier<?> sample) {
		this.samples.computeIfAbsent(type, (key) -> new Samples(new ArrayList<>())).values().add(sample);
	}

	private static Supplier<?> nested() {
		List<Object> nested = List.of();
		for (int i = 0; i < 200_000; i++) {
			nested = List.of(nested);
		}
		Tree tree = new Tree(nested);
		return () -> tree;
	}

	// A job that waits: what was done to the last one may have ended it.
	private JobId waiting() {
		boolean there = this.fixture.sql("select count(*) from background_job_job where id = :id")
			.param("id", this.waiting)
			.query(Long.class)
			.single() == 1;
		if (!there) {
			this.waiting = this.fixture.enqueue(later("mail", Duration.ofDays(1)));
		}
		return new JobId(this.waiting);
	}

	private JobId letter() {
		this.fixture
			.sql("update background_job_dead_letter set resolved_at = null, retried_at = null, retried_as = null, "
					+ "discarded_at = null where job_id = :id")
			.param("id", this.letter)
			.update();
		return new JobId(this.letter);
	}

	/**
	 * Makes all calls, those without arguments last: they read what the others left.
	 * @return those that ended neither well nor in a typed error
	 */
	List<String> make() {
		Map<Class<?>, Supplier<?>> api = new LinkedHashMap<>();
		api.put(EnqueueSpec.class, () -> this.client.job(new Mail("ok")));
		api.put(JobClient.class, () -> this.client);
		api.put(JobOperations.class, () -> this.operations);
		api.put(RecurringJobs.class, this.operations::recurring);
		api.put(DeadLetterRedrives.class, this.operations::redrives);
		api.put(JobLimits.class, this.operations::limits);
		api.entrySet()
			.stream()
			.flatMap((part) -> Arrays.stream(part.getKey().getMethods())
				.map((method) -> new Call(part.getValue(), method)))
			.sorted(Comparator.comparing((Call call) -> call.method().getParameterCount() == 0))
			.forEach(this::vary);
		return this.wrong;
	}

	int count() {
		return this.calls;
	}

	private void vary(Call call) {
		List<List<Supplier<?>>> choices = Arrays.stream(call.method().getGenericParameterTypes())
			.map(this::samplesOf)
			.toList();
		if (choices.isEmpty()) {
			make(call, List.of());
		}
		for (int varied = 0; varied < choices.size(); varied++) {
			for (Supplier<?> value : choices.get(varied)) {
				int place = varied;
				make(call,
						IntStream.range(0, choices.size())
							.<Supplier<?>>mapToObj((i) -> (i == place) ? value : choices.get(i).get(0))
							.toList());
			}
		}
		// Audits of letters, too, and not of waiting jobs only.
		if (call.method().getParameterCount() > 1 && call.method().getParameterTypes()[0] == JobId.class) {
			for (Supplier<?> value : choices.get(choices.size() - 1)) {
				List<Supplier<?>> arguments = new ArrayList<>();
				choices.forEach((choice) -> arguments.add(choice.get(0)));
				arguments.set(0, this::letter);
				arguments.set(choices.size() - 1, value);
				make(call, arguments);
			}
		}
	}

	private List<Supplier<?>> samplesOf(Type type) {
		Samples known = this.samples.get(type.getTypeName());
		if (known == null) {
			throw new AssertionError("The API takes a " + type + " now: say here what is hostile of it");
		}
		return known.values();
	}

	private void make(Call call, List<Supplier<?>> arguments) {
		this.calls++;
		Object[] values = new Object[arguments.size()];
		try {
			for (int i = 0; i < values.length; i++) {
				values[i] = arguments.get(i).get();
			}
			Object result = call.method().invoke(call.target().get(), values);
			if (result instanceof EnqueueSpec spec) {
				spec.enqueue();
			}
		}
		catch (InvocationTargetException ex) {
			judge(call, values, ex.getCause());
		}
		catch (Throwable ex) {
			judge(call, values, ex);
		}
	}

	private void judge(Call call, @Nullable Object[] values, Throwable thrown) {
		if (!(thrown instanceof BackgroundJobException)) {
			String shown = Arrays.toString(values);
			this.wrong.add(call.method().getName() + shown.substring(0, Math.min(200, shown.length())) + ": " + thrown);
		}
	}

	/**
	 * What is enqueued.
	 *
	 * @param text what the keys are made of
	 */
	record Mail(String text) {
	}

	/**
	 * What may be too deep to be written.
	 *
	 * @param children what is below it
	 */
	record Tree(List<Object> children) {
	}

	private record Call(Supplier<?> target, Method method) {
	}

	private record Samples(List<Supplier<?>> values) {
	}

}
