package io.jobstarter.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.jobstarter.DuplicateJobException;
import io.jobstarter.EnqueueSpec;
import io.jobstarter.Enqueued;
import io.jobstarter.InvalidJobException;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobEvent;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import io.jobstarter.Uniqueness;
import io.jobstarter.UnknownJobException;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.fixture.H2Jobs;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobInvoker;
import io.jobstarter.policy.BackoffPolicy;
import io.jobstarter.store.Lane;
import io.jobstarter.store.UniqueKey;
import io.jobstarter.support.SafeEvents;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DefaultJobClientTests {

	private static final int MAX_BYTES = 200;

	private final List<JobEvent> events = new ArrayList<>();

	private final List<Lane> wakeUps = new ArrayList<>();

	private final List<String> calls = new ArrayList<>();

	private final Map<String, JobInvoker> handlers = new HashMap<>();

	private Consumer<JobEvent> listener = this.events::add;

	private H2Jobs database = new H2Jobs(true);

	private DefaultJobClient jobs = client();

	@AfterEach
	void close() {
		this.database.close();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
	}

	@Test
	void enqueuesWithTheSettingsOfTheHandler() {
		Enqueued enqueued = this.jobs.enqueue(new Greet("Ada"));
		assertThat(enqueued.duplicate()).isFalse();
		JobInfo job = find(enqueued);
		assertThat(job.name()).isEqualTo("greet");
		assertThat(job.queue()).isEqualTo("greetings");
		assertThat(job.priority()).isEqualTo(3);
		assertThat(job.state()).isEqualTo(JobState.READY);
		assertThat(job.payload()).isEqualTo("{\"name\":\"Ada\"}");
		assertThat(job.headers()).isEmpty();
		assertThat(job.tags()).isEmpty();
		assertThat(job.attempts()).isZero();
	}

	@Test
	void theOptionsOfAnEnqueueGoBeforeTheHandlers() {
		Enqueued enqueued = this.jobs.job(new Greet("Ada"))
			.queue("vip")
			.priority(-1)
			.in(Duration.ofDays(1))
			.tag("tenant:42")
			.tag("b")
			.header("trace", "")
			.header("locale", "de")
			.enqueue();
		JobInfo job = find(enqueued);
		assertThat(job.queue()).isEqualTo("vip");
		assertThat(job.priority()).isEqualTo(-1);
		assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
		assertThat(Duration.between(job.enqueuedAt(), job.dueAt())).isEqualTo(Duration.ofDays(1));
		assertThat(job.tags()).containsExactly("tenant:42", "b");
		assertThat(job.headers()).isEqualTo(Map.of("trace", "", "locale", "de"));
	}

	@Test
	void isDueAtAnInstantWhichMayHavePassed() {
		Instant then = Instant.parse("2999-12-31T23:59:59Z");
		assertThat(find(this.jobs.job(new Greet("Ada")).at(then).enqueue()).dueAt()).isEqualTo(then);
		assertThat(find(this.jobs.job(new Greet("Ada")).at(Instant.EPOCH).enqueue()).state()).isEqualTo(JobState.READY);
		assertThat(find(this.jobs.job(new Greet("Ada")).at(Instant.MIN).enqueue()).state()).isEqualTo(JobState.READY);
	}

	@Test
	void choosesTheQueueByThePayloadUnlessTheCallerDoes() {
		assertThat(find(this.jobs.enqueue(new Order("eu"))).queue()).isEqualTo("tenant-eu");
		assertThat(find(this.jobs.job(new Order("eu")).queue("urgent").enqueue()).queue()).isEqualTo("urgent");
		assertThat(this.jobs.enqueueAll(List.of(new Order("a"), new Greet("Ada"), new Order("b"))))
			.extracting((enqueued) -> find(enqueued).queue())
			.containsExactly("tenant-a", "greetings", "tenant-b");
		this.jobs.enqueueAll(Stream.of(new Order("c")));
		assertThat(this.wakeUps).extracting(Lane::queue)
			.containsExactly("tenant-eu", "urgent", "tenant-a", "greetings", "tenant-b", "tenant-c");
	}

	@Test
	void runsAJobNowAsInTheQueueOfItsPayload() throws Exception {
		this.jobs.runNow(new Order("eu"));
		assertThat(this.calls).last().asString().endsWith("in tenant-eu");
	}

	@Test
	void refusesAPayloadThatLeadsToNoQueueAndDoesNotShowIt() {
		for (String tenant : Arrays.asList(null, "secret tenant", "x".repeat(94))) {
			assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.jobs.enqueue(new Order(tenant)))
				.withMessageStartingWith("This order has no queue: the expression 'tenant-#{payload.tenant()}' ")
				.withMessageNotContaining("secret")
				.withMessageNotContaining("xxx");
		}
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.jobs.enqueueAll(Arrays.asList(new Order("eu"), new Order("no queue"))));
		assertThat(this.database.stores().operationsStore().queues()).isEmpty();
	}

	@Test
	void enqueuesByNameWhereNoPayloadIsTaken() {
		JobInfo job = find(this.jobs.jobNamed("clean-up").enqueue());
		assertThat(job.name()).isEqualTo("clean-up");
		assertThat(job.payload()).isEqualTo("{}");
	}

	@Test
	void storesTheNameThoughAFormerOneWasGiven() {
		assertThat(find(this.jobs.jobNamed("tidy-up").enqueue()).name()).isEqualTo("clean-up");
	}

	@Test
	void writesNothingBeforeTheEnd() {
		this.jobs.job(new Greet("Ada")).queue("vip").uniqueKey("key");
		assertThat(this.database.count()).isZero();
		assertThat(this.events).isEmpty();
	}

	@Test
	@SuppressWarnings("NullAway")
	void refusesWhatNobodyHandles() {
		assertThatExceptionOfType(UnknownJobException.class).isThrownBy(() -> this.jobs.enqueue("text"))
			.withMessageContaining("java.lang.String");
		assertThatExceptionOfType(UnknownJobException.class).isThrownBy(() -> this.jobs.enqueue(null))
			.withMessageContaining("jobNamed");
		assertThatExceptionOfType(UnknownJobException.class).isThrownBy(() -> this.jobs.runNow("text"));
		assertThatExceptionOfType(UnknownJobException.class).isThrownBy(() -> this.jobs.jobNamed("un\nknown"))
			.withMessageContaining("'un known'");
		assertThatExceptionOfType(UnknownJobException.class).isThrownBy(() -> this.jobs.jobNamed("greet"));
		assertThatExceptionOfType(UnknownJobException.class)
			.isThrownBy(() -> this.jobs.enqueueAll(Arrays.asList(new Greet("Ada"), null)));
		assertThat(this.database.count()).isZero();
	}

	@Test
	void refusesAPayloadThatHasTooManyBytesNotCharacters() {
		String brackets = "{\"name\":\"\"}";
		int fits = MAX_BYTES - brackets.length();
		this.jobs.enqueue(new Greet("x".repeat(fits)));
		this.jobs.enqueue(new Greet("ü".repeat(fits / 2)));
		assertThatExceptionOfType(InvalidPayloadException.class)
			.isThrownBy(() -> this.jobs.enqueue(new Greet("x".repeat(fits + 1))))
			.withMessageContaining("greet")
			.withMessageContaining("201 bytes")
			.withMessageContaining("background-jobs.defaults.max-payload");
		assertThatExceptionOfType(InvalidPayloadException.class)
			.isThrownBy(() -> this.jobs.enqueue(new Greet("ü".repeat(fits / 2 + 1))));
		assertThatExceptionOfType(InvalidPayloadException.class)
			.isThrownBy(() -> this.jobs.enqueue(new Greet("x".repeat(50_000_000))));
		assertThat(this.database.count()).isEqualTo(2);
	}

	@Test
	void refusesAPayloadThatIsNoText() {
		assertThatExceptionOfType(InvalidPayloadException.class)
			.isThrownBy(() -> this.jobs.enqueue(new Greet("\uD800")));
	}

	@Test
	void keepsNulAndDirectionMarksOfAPayload() {
		String name = "a\u0000b\u202Ec\uD83D\uDE00";
		JobInfo job = find(this.jobs.enqueue(new Greet(name)));
		assertThat(new JacksonPayloadSerializer().deserialize(String.valueOf(job.payload()), Greet.class))
			.isEqualTo(new Greet(name));
	}

	@ParameterizedTest
	@MethodSource("optionsThatCannotBe")
	void refusesAnOptionWhenItIsGiven(Consumer<EnqueueSpec> option) {
		EnqueueSpec spec = this.jobs.job(new Greet("Ada"));
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> option.accept(spec));
	}

	static Stream<Consumer<EnqueueSpec>> optionsThatCannotBe() {
		return Stream.of((spec) -> spec.queue(""), (spec) -> spec.queue("a queue"), (spec) -> spec.queue("a\u0000"),
				(spec) -> spec.queue("q".repeat(101)), (spec) -> spec.priority(32_768),
				(spec) -> spec.priority(-32_769), (spec) -> spec.in(Duration.ofNanos(-1)),
				(spec) -> spec.in(Duration.ofDays(36_526)), (spec) -> spec.in(Duration.ofSeconds(Long.MAX_VALUE)),
				(spec) -> spec.at(Instant.MAX), (spec) -> spec.tag(""), (spec) -> spec.tag("a tag"),
				(spec) -> spec.tag("t".repeat(101)), (spec) -> spec.uniqueKey(""),
				(spec) -> spec.uniqueKey("k".repeat(1_001)), (spec) -> spec.uniqueKey("k".repeat(6_000)),
				(spec) -> spec.uniqueKey("a\u0000"), (spec) -> spec.uniqueKey("\uD800", UniqueUntil.FINISHED),
				(spec) -> spec.uniqueKey("k", UniqueUntil.EXPIRED), (spec) -> spec.unique(Uniqueness.of("\uD800")),
				(spec) -> spec.header("", "value"), (spec) -> spec.header("n".repeat(101), "value"),
				(spec) -> spec.header("name", "v".repeat(4_001)), (spec) -> spec.header("name\u0000", "value"),
				(spec) -> spec.header("name", "\uDC00"),
				(spec) -> IntStream.range(0, 21).forEach((i) -> spec.tag("t" + i)),
				(spec) -> IntStream.range(0, 51).forEach((i) -> spec.header("h" + i, "v")));
	}

	@Test
	void takesOptionsUpToTheirBounds() {
		EnqueueSpec spec = this.jobs.job(new Greet("Ada"))
			.queue("q".repeat(100))
			.priority(32_767)
			.in(Duration.ofDays(36_525))
			.uniqueKey("ü\uD83D\uDE00\u202E" + "k".repeat(996));
		IntStream.range(0, 20).forEach((i) -> spec.tag("t".repeat(98) + i / 10 + i % 10));
		IntStream.range(0, 50)
			.forEach((i) -> spec.header("h".repeat(98) + i / 10 + i % 10, "\uD83D\uDE00".repeat(2_000)));
		JobInfo job = find(spec.enqueue());
		assertThat(job.priority()).isEqualTo(32_767);
		assertThat(job.tags()).hasSize(20);
		assertThat(job.headers()).hasSize(51).containsKey(UniqueKey.HEADER);
	}

	@Test
	void refusesAReadOnlyTransaction() {
		TransactionTemplate readOnly = transaction();
		readOnly.setReadOnly(true);
		AtomicBoolean closed = new AtomicBoolean();
		readOnly.executeWithoutResult((status) -> {
			assertThatExceptionOfType(ReadOnlyTransactionException.class)
				.isThrownBy(() -> this.jobs.enqueue(new Greet("Ada")));
			assertThatExceptionOfType(ReadOnlyTransactionException.class)
				.isThrownBy(() -> this.jobs.enqueueAll(List.of(new Greet("Ada"))));
			assertThatExceptionOfType(ReadOnlyTransactionException.class)
				.isThrownBy(() -> this.jobs.enqueueAll(Stream.of(new Greet("Ada")).onClose(() -> closed.set(true))));
		});
		assertThat(this.database.count()).isZero();
		assertThat(this.events).isEmpty();
		assertThat(closed).isTrue();
	}

	@Test
	void joinsTheCallersTransactionAndAnnouncesAfterItsCommit() {
		JobId[] id = new JobId[1];
		transaction().executeWithoutResult((status) -> {
			id[0] = this.jobs.enqueue(new Greet("Ada")).id();
			assertThat(this.database.count()).isEqualTo(1);
			assertThat(this.events).isEmpty();
			assertThat(this.wakeUps).isEmpty();
		});
		assertThat(this.events).containsExactly(new JobEvent.Enqueued(id[0], "greet", "greetings"));
		assertThat(this.wakeUps).containsExactly(new Lane("greetings", 3, false));
	}

	@Test
	void leavesAndAnnouncesNothingAfterARollback() {
		transaction().executeWithoutResult((status) -> {
			this.jobs.enqueue(new Greet("Ada"));
			this.jobs.enqueueAll(List.of(new Greet("Bob")));
			status.setRollbackOnly();
		});
		assertThat(this.database.count()).isZero();
		assertThat(this.events).isEmpty();
		assertThat(this.wakeUps).isEmpty();
	}

	@Test
	void leavesAndAnnouncesNothingOfASavepointThatIsRolledBack() {
		transaction().executeWithoutResult((status) -> {
			this.jobs.enqueue(new Greet("Ada"));
			TransactionTemplate nested = transaction();
			nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
			nested.executeWithoutResult((inner) -> {
				this.jobs.enqueue(new Greet("Bob"));
				inner.setRollbackOnly();
			});
		});
		assertThat(this.database.count()).isEqualTo(1);
		assertThat(this.events).hasSize(1);
	}

	@Test
	void wakesNobodyForAJobThatIsDueLater() {
		this.jobs.job(new Greet("Ada")).in(Duration.ofHours(1)).enqueue();
		assertThat(this.wakeUps).isEmpty();
		assertThat(this.events).hasSize(1);
	}

	@Test
	void announcesNoDuplicate() {
		Enqueued first = this.jobs.job(new Greet("Ada")).uniqueKey("Ada").enqueue();
		Enqueued second = this.jobs.job(new Greet("Ada")).uniqueKey("Ada").enqueue();
		assertThat(second).isEqualTo(new Enqueued(first.id(), true));
		assertThat(this.events).hasSize(1);
		assertThat(this.wakeUps).hasSize(1);
	}

	@Test
	void aListenerThatFailsHarmsNeitherJobNorCaller() {
		this.listener = (event) -> {
			throw new IllegalStateException("no");
		};
		this.jobs.enqueue(new Greet("Ada"));
		assertThat(this.database.count()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatAListenerEnqueuesIsKeptAndAnnounced(boolean autoCommit) {
		this.database.close();
		this.database = new H2Jobs(autoCommit);
		this.jobs = client();
		this.listener = (event) -> {
			this.events.add(event);
			if (this.events.size() == 1) {
				this.jobs.enqueueAll(List.of(new Greet("Bob"), new Greet("Eve")));
			}
		};
		this.jobs.enqueue(new Greet("Ada"));
		assertThat(this.database.count()).isEqualTo(3);
		assertThat(this.events).hasSize(3);
		assertThat(this.wakeUps).as("one for each enqueue").hasSize(2);
	}

	@Test
	void enqueuesManyInTheOrderGiven() {
		List<Greet> payloads = IntStream.range(0, 2_500).mapToObj((i) -> new Greet("n" + i)).toList();
		List<Enqueued> all = this.jobs.enqueueAll(payloads);
		assertThat(all).hasSize(2_500).extracting(Enqueued::duplicate).containsOnly(false);
		assertThat(all).extracting(Enqueued::id).isSorted().doesNotHaveDuplicates();
		assertThat(find(all.get(1_234)).payload()).isEqualTo("{\"name\":\"n1234\"}");
		assertThat(this.events).hasSize(2_500);
		assertThat(this.wakeUps).as("one for each thousand").hasSize(3);
		assertThat(this.database.count()).isEqualTo(2_500);
	}

	@Test
	void enqueuesAllOrNone() {
		assertThatExceptionOfType(UnknownJobException.class)
			.isThrownBy(() -> this.jobs.enqueueAll(List.of(new Greet("Ada"), "text")));
		Stream<Object> failing = IntStream.range(0, 1_500).mapToObj((i) -> (i < 1_400) ? new Greet("n" + i) : "text");
		assertThatExceptionOfType(UnknownJobException.class).isThrownBy(() -> this.jobs.enqueueAll(failing));
		assertThat(this.database.count()).isZero();
		assertThat(this.events).isEmpty();
	}

	@Test
	void enqueuesNothingOfNothing() {
		assertThat(this.jobs.enqueueAll(List.of())).isEmpty();
		assertThat(this.jobs.enqueueAll(Stream.empty())).isZero();
		assertThat(this.events).isEmpty();
	}

	@Test
	void readsAStreamInsideTheTransactionAndClosesIt() {
		AtomicBoolean closed = new AtomicBoolean();
		AtomicBoolean outside = new AtomicBoolean();
		Stream<Greet> stream = IntStream.range(0, 2_001).mapToObj((i) -> {
			if (!TransactionSynchronizationManager.isActualTransactionActive()) {
				outside.set(true);
			}
			return new Greet("n" + i);
		}).onClose(() -> closed.set(true));
		assertThat(this.jobs.enqueueAll(stream)).isEqualTo(2_001);
		assertThat(closed).isTrue();
		assertThat(outside).isFalse();
		assertThat(this.events).hasSize(2_001);
	}

	@Test
	void runsAJobHereAndNowWithoutARow() throws Exception {
		this.jobs.runNow(new Greet("Ada"));
		assertThat(this.calls).containsExactly("around", "Greet[name=Ada] as 0, attempt 1 of greet in greetings");
		assertThat(this.database.count()).isZero();
		assertThat(this.events).isEmpty();
	}

	@Test
	void throwsWhatAJobThrowsThatRunsNow() {
		IOException thrown = new IOException();
		this.handlers.put("greet", (payload, attempt) -> {
			throw thrown;
		});
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.jobs.runNow(new Greet("Ada")))
			.isSameAs(thrown);
	}

	@Test
	void runsATransactionalJobInATransactionThatAnyExceptionRollsBack() throws Exception {
		this.database.sql().sql("create table effect (name text)").update();
		this.handlers.put("transfer", (payload, attempt) -> {
			assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
			String name = ((Transfer) payload).name();
			this.database.sql().sql("insert into effect values (?)").param(name).update();
			this.jobs.enqueue(new Greet(name));
			if (name.equals("checked")) {
				throw new IOException(name);
			}
			if (name.equals("error")) {
				throw new AssertionError(name);
			}
		});
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.jobs.runNow(new Transfer("checked")));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.jobs.runNow(new Transfer("error")));
		assertThat(this.events).isEmpty();
		this.jobs.runNow(new Transfer("good"));
		assertThat(this.database.sql().sql("select name from effect").query(String.class).list())
			.containsExactly("good");
		assertThat(this.database.count()).isEqualTo(1);
	}

	@Test
	void runsAnOrdinaryJobInNoTransactionButTheCallers() throws Exception {
		List<Boolean> active = new ArrayList<>();
		this.handlers.put("greet",
				(payload, attempt) -> active.add(TransactionSynchronizationManager.isActualTransactionActive()));
		this.jobs.runNow(new Greet("Ada"));
		transaction().executeWithoutResult((status) -> {
			try {
				this.jobs.runNow(new Greet("Ada"));
			}
			catch (Exception ex) {
				throw new IllegalTransactionStateException("unexpected", ex);
			}
		});
		assertThat(active).containsExactly(false, true);
	}

	@Test
	void aRefusedDuplicateIsNoReasonToRollTheCallersTransactionBack() {
		EnqueueSpec failing = this.jobs.job(new Greet("Ada"))
			.unique(Uniqueness.ofPayload().onConflict(UniqueConflict.FAIL));
		Enqueued first = failing.enqueue();
		transaction().executeWithoutResult((status) -> {
			this.jobs.enqueue(new Greet("Bob"));
			assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(failing::enqueue)
				.satisfies((ex) -> assertThat(ex.holder()).isEqualTo(first.id()));
			assertThat(status.isRollbackOnly()).isFalse();
		});
		assertThat(this.database.count()).isEqualTo(2);
		assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(failing::enqueue);
	}

	@Test
	void whoJoinsAJobWakesTheWorkersIfThatMayBeDueEarlier() {
		EnqueueSpec replacing = this.jobs.job(new Greet("Ada"))
			.unique(Uniqueness.of("key").onConflict(UniqueConflict.REPLACE));
		replacing.in(Duration.ofDays(1)).enqueue();
		assertThat(this.wakeUps).isEmpty();
		Enqueued joined = replacing.in(Duration.ZERO).enqueue();
		assertThat(joined.duplicate()).isTrue();
		assertThat(this.wakeUps).containsExactly(new Lane("greetings", 3, false));
		assertThat(this.events).hasSize(1);
		assertThat(find(joined).state()).isEqualTo(JobState.READY);
	}

	private DefaultJobClient client() {
		HandlerRegistry registry = new HandlerRegistry(List.of(definition("greet", Greet.class, false),
				definition("transfer", Transfer.class, true), definition("clean-up", null, false), byTenant()));
		JacksonPayloadSerializer serializer = new JacksonPayloadSerializer();
		JobExecution execution = new JobExecution(registry, serializer, List.of((attempt, next) -> {
			this.calls.add("around");
			next.proceed();
		}), UnaryOperator.identity(), BackoffPolicy.DEFAULT, List.of());
		Enqueuer enqueuer = new Enqueuer(this.database.stores().enqueueStore(), this.database.transactionManager(),
				this.wakeUps::add, new SafeEvents((event) -> this.listener.accept((JobEvent) event)));
		return new DefaultJobClient(registry, new NewJobFactory(serializer, MAX_BYTES, ContextPropagation.NONE),
				enqueuer, execution, this.database.transactionManager());
	}

	private JobDefinition definition(String name, @Nullable Class<?> payloadType, boolean transactional) {
		Set<String> aliases = name.equals("clean-up") ? Set.of("tidy-up") : Set.of();
		return new JobDefinition(name, aliases, "the test", payloadType, "greetings", 3, null, transactional, true,
				List.of(), List.of(),
				(payload, attempt) -> this.handlers.getOrDefault(name, this::record).invoke(payload, attempt));
	}

	private JobDefinition byTenant() {
		return new JobDefinition("order", Set.of(), "the test", Order.class, "tenant-#{payload.tenant()}", 0, null,
				false, true, List.of(), List.of(), this::record);
	}

	private void record(@Nullable Object payload, JobAttempt attempt) {
		this.calls.add(payload + " as " + attempt.id() + ", attempt " + attempt.number() + " of " + attempt.name()
				+ " in " + attempt.queue());
	}

	private JobInfo find(Enqueued enqueued) {
		return this.database.stores().operationsStore().find(enqueued.id()).orElseThrow();
	}

	private TransactionTemplate transaction() {
		return new TransactionTemplate(this.database.transactionManager());
	}

	record Greet(String name) {
	}

	record Transfer(String name) {
	}

	record Order(@Nullable String tenant) {
	}

}
