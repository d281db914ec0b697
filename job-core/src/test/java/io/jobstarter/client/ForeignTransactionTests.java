package io.jobstarter.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.jobstarter.Enqueued;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobEvent;
import io.jobstarter.JobId;
import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import io.jobstarter.Uniqueness;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.fixture.H2Jobs;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.policy.BackoffPolicy;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.Lane;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.support.SafeEvents;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of what an enqueue does in a transaction of another database than that of the
 * jobs.
 */
class ForeignTransactionTests {

	private final List<JobEvent> events = new ArrayList<>();

	private final List<Lane> wakeUps = new ArrayList<>();

	private final DataSource orders = new DriverManagerDataSource(
			"jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

	private final JdbcClient order = JdbcClient.create(this.orders);

	private H2Jobs database = new H2Jobs(true);

	private EnqueueStore store = this.database.stores().enqueueStore();

	ForeignTransactionTests() {
		this.order.sql("create table orders (number int)").update();
	}

	@AfterEach
	void close() {
		this.database.close();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
	}

	@Test
	void addsTheJobAfterTheCommitUnderTheIdThatTheCallerWasTold() {
		Enqueued[] enqueued = new Enqueued[1];
		transaction().executeWithoutResult((status) -> {
			placeOrder();
			enqueued[0] = client().enqueue(new Greet("Ada"));
			assertThat(this.database.count()).isZero();
			assertThat(this.events).isEmpty();
		});
		assertThat(orders()).isOne();
		assertThat(payload(enqueued[0])).isEqualTo("{\"name\":\"Ada\"}");
		assertThat(this.events).containsExactly(new JobEvent.Enqueued(enqueued[0].id(), "greet", "default"));
		assertThat(this.wakeUps).containsExactly(new Lane("default", 0, false));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void addsNothingAfterARollback(boolean autoCommit) {
		this.database.close();
		this.database = new H2Jobs(autoCommit);
		this.store = this.database.stores().enqueueStore();
		transaction().executeWithoutResult((status) -> {
			// Lends a connection to the jobs to this thread.
			assertThat(this.database.count()).isZero();
			client().enqueue(new Greet("Ada"));
			client().enqueueAll(List.of(new Greet("Bob")));
			status.setRollbackOnly();
		});
		assertThat(this.database.count()).isZero();
		assertThat(this.events).isEmpty();
		transaction().executeWithoutResult((status) -> {
			assertThat(this.database.count()).isZero();
			client().enqueue(new Greet("Ada"));
		});
		assertThat(this.database.count()).isOne();
	}

	@Test
	void addsNothingOfASavepointThatIsRolledBack() {
		transaction().executeWithoutResult((status) -> {
			client().enqueue(new Greet("Ada"));
			TransactionTemplate nested = transaction();
			nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
			nested.executeWithoutResult((inner) -> {
				client().enqueue(new Greet("Bob"));
				inner.setRollbackOnly();
			});
		});
		assertThat(this.database.count()).isOne();
	}

	@Test
	void addsAllThatATransactionEnqueuedInOneOfItsOwn() {
		CountingStore counting = new CountingStore(this.store, 0, false);
		this.store = counting;
		List<Enqueued> enqueued = new ArrayList<>();
		transaction().executeWithoutResult((status) -> {
			DefaultJobClient jobs = client();
			enqueued.add(jobs.enqueue(new Greet("first")));
			enqueued.addAll(jobs.enqueueAll(List.of(new Greet("second"), new Greet("third"))));
			assertThat(jobs.enqueueAll(IntStream.range(0, 1_200).mapToObj((i) -> new Greet("n" + i)))).isEqualTo(1_200);
		});
		assertThat(counting.inserts).isEqualTo(2);
		assertThat(enqueued).extracting(this::payload)
			.containsExactly("{\"name\":\"first\"}", "{\"name\":\"second\"}", "{\"name\":\"third\"}");
		assertThat(this.database.count()).isEqualTo(1_203);
		assertThat(this.events).hasSize(1_203);
	}

	@Test
	void cannotKnowADuplicateBeforeTheCommitButAddsNone() {
		List<Enqueued> enqueued = new ArrayList<>();
		transaction().executeWithoutResult((status) -> {
			for (int i = 0; i < 2; i++) {
				enqueued.add(client().job(new Greet("Ada")).uniqueKey("key", UniqueUntil.FINISHED).enqueue());
			}
		});
		assertThat(enqueued).extracting(Enqueued::duplicate).containsExactly(false, false);
		assertThat(this.database.count()).isOne();
		assertThat(this.events).containsExactly(new JobEvent.Enqueued(enqueued.get(0).id(), "greet", "default"));
	}

	@Test
	void whatWouldBeRefusedIsReportedAsLostAndTakesNothingAlong() {
		Uniqueness failing = Uniqueness.of("key").onConflict(UniqueConflict.FAIL);
		List<Enqueued> enqueued = new ArrayList<>();
		transaction().executeWithoutResult((status) -> {
			DefaultJobClient jobs = client();
			enqueued.add(jobs.job(new Greet("Ada")).unique(failing).enqueue());
			enqueued.add(jobs.enqueue(new Greet("Bob")));
			enqueued.add(jobs.job(new Greet("Eve")).unique(failing).enqueue());
		});
		assertThat(this.database.count()).isEqualTo(2);
		assertThat(this.events).containsExactlyInAnyOrder(
				new JobEvent.Enqueued(enqueued.get(0).id(), "greet", "default"),
				new JobEvent.Enqueued(enqueued.get(1).id(), "greet", "default"),
				new JobEvent.EnqueueFailed(enqueued.get(2).id(), "greet", "default"));
	}

	@Test
	void refusesAPayloadInTheCaller() {
		transaction().executeWithoutResult((status) -> assertThatExceptionOfType(InvalidPayloadException.class)
			.isThrownBy(() -> client().enqueue(new Greet("x".repeat(1_000)))));
	}

	@Test
	void doesNotMindThatTheOtherTransactionIsReadOnly() {
		TransactionTemplate readOnly = transaction();
		readOnly.setReadOnly(true);
		readOnly.executeWithoutResult((status) -> client().enqueue(new Greet("Ada")));
		assertThat(this.database.count()).isOne();
	}

	@Test
	void addsTheJobAtOnceWhereSoWishedThoughTheCallerRollsBack() {
		transaction().executeWithoutResult((status) -> {
			placeOrder();
			Enqueued enqueued = client(EnqueueMode.IMMEDIATE).enqueue(new Greet("Ada"));
			assertThat(payload(enqueued)).contains("Ada");
			assertThat(this.events).hasSize(1);
			status.setRollbackOnly();
		});
		assertThat(orders()).isZero();
		assertThat(this.database.count()).isOne();
	}

	@Test
	void joinsTheTransactionOfTheJobsInEitherModeWhateverIsAround() {
		for (EnqueueMode mode : EnqueueMode.values()) {
			transaction().executeWithoutResult((status) -> new TransactionTemplate(this.database.transactionManager())
				.executeWithoutResult((inner) -> {
					client(mode).enqueue(new Greet("Ada"));
					assertThat(this.database.count()).isOne();
					inner.setRollbackOnly();
				}));
		}
		assertThat(this.database.count()).isZero();
		assertThat(this.events).isEmpty();
	}

	@Test
	void addsWhatIsEnqueuedByOneWhoHearsOfTheCommit() {
		transaction().executeWithoutResult((status) -> {
			client().enqueue(new Greet("before"));
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					client().enqueue(new Greet("after"));
				}

			});
		});
		assertThat(this.database.count()).isEqualTo(2);
		transaction().executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						client().enqueue(new Greet("only after"));
					}

				}));
		assertThat(this.database.count()).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void triesAgainWhereTheFirstInsertFailsOrItsReplyIsLost(boolean inserted) {
		this.store = new CountingStore(this.store, 1, inserted);
		transaction().executeWithoutResult((status) -> client().enqueue(new Greet("Ada")));
		assertThat(this.database.count()).isOne();
	}

	@Test
	void tellsOfAJobThatIsLostButDoesNotThrow() {
		this.store = new CountingStore(this.store, 100, false);
		Enqueued[] enqueued = new Enqueued[1];
		transaction().executeWithoutResult((status) -> {
			placeOrder();
			enqueued[0] = client().enqueue(new Greet("Ada"));
		});
		assertThat(orders()).isOne();
		assertThat(this.database.count()).isZero();
		assertThat(((CountingStore) this.store).inserts).isEqualTo(3);
		assertThat(this.events).containsExactly(new JobEvent.EnqueueFailed(enqueued[0].id(), "greet", "default"));
	}

	@Test
	void addsAJobOnceThoughItWasOverBeforeTheReplyWasFoundLost() {
		CountingStore counting = new CountingStore(this.store, 1, true);
		counting.meanwhile = (id) -> CompletableFuture
			.runAsync(() -> this.database.stores().operationsStore().end(id, WaitingJobEnd.CANCELLED, null))
			.join();
		this.store = counting;
		transaction().executeWithoutResult((status) -> client().enqueue(new Greet("Ada")));
		assertThat(counting.inserts).isOne();
		assertThat(this.database.count()).isZero();
		assertThat(this.events).noneMatch(JobEvent.EnqueueFailed.class::isInstance);
	}

	@Test
	void tellsOfAJobWhoseIdSomebodyElseHas() {
		Enqueued other = client().enqueue(new Greet("Bob"));
		CountingStore counting = new CountingStore(this.store, 0, false);
		counting.reserved = List.of(other.id().value());
		this.store = counting;
		this.events.clear();
		transaction().executeWithoutResult((status) -> client().enqueue(new Greet("Ada")));
		assertThat(payload(other)).contains("Bob");
		assertThat(this.events).containsExactly(new JobEvent.EnqueueFailed(other.id(), "greet", "default"));
	}

	private TransactionTemplate transaction() {
		return new TransactionTemplate(new JdbcTransactionManager(this.orders));
	}

	private void placeOrder() {
		this.order.sql("insert into orders values (1)").update();
	}

	private int orders() {
		return this.order.sql("select count(*) from orders").query(Integer.class).single();
	}

	private @Nullable String payload(Enqueued enqueued) {
		return this.database.stores().operationsStore().find(enqueued.id()).orElseThrow().payload();
	}

	private DefaultJobClient client() {
		return client(EnqueueMode.TRANSACTION);
	}

	private DefaultJobClient client(EnqueueMode mode) {
		HandlerRegistry registry = new HandlerRegistry(List.of(new JobDefinition("greet", Set.of(), "the test",
				Greet.class, "default", 0, null, false, true, List.of(), List.of(), (payload, attempt) -> {
				})));
		JacksonPayloadSerializer serializer = new JacksonPayloadSerializer();
		JobExecution execution = new JobExecution(registry, serializer, List.of(), UnaryOperator.identity(),
				BackoffPolicy.DEFAULT, List.of());
		Enqueuer enqueuer = new Enqueuer(this.store, this.database.transactionManager(),
				new EnqueueSettings(mode, false), this.wakeUps::add,
				new SafeEvents((event) -> this.events.add((JobEvent) event)));
		return new DefaultJobClient(registry, new NewJobFactory(serializer, 200, ContextPropagation.NONE), enqueuer,
				execution, this.database.transactionManager());
	}

	record Greet(String name) {
	}

	/**
	 * A store whose first inserts fail, before they reach the database or after their
	 * commit.
	 */
	private static final class CountingStore implements EnqueueStore {

		private final EnqueueStore store;

		private final int failures;

		private final boolean afterCommit;

		private Consumer<JobId> meanwhile = (id) -> {
		};

		private @Nullable List<Long> reserved;

		private int inserts;

		CountingStore(EnqueueStore store, int failures, boolean afterCommit) {
			this.store = store;
			this.failures = failures;
			this.afterCommit = afterCommit;
		}

		@Override
		public List<Enqueued> insert(List<NewJob> jobs) {
			this.inserts++;
			if (this.inserts > this.failures) {
				return this.store.insert(jobs);
			}
			if (this.afterCommit) {
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						CountingStore.this.meanwhile.accept(new JobId(Objects.requireNonNull(jobs.get(0).id())));
						throw new QueryTimeoutException("the reply was lost");
					}

				});
				return this.store.insert(jobs);
			}
			throw new QueryTimeoutException("no");
		}

		@Override
		public Optional<List<Enqueued>> insertAtOnce(List<NewJob> jobs) {
			return this.store.insertAtOnce(jobs);
		}

		@Override
		public boolean isInTransaction() {
			return this.store.isInTransaction();
		}

		@Override
		public List<Long> reserveIds(int count) {
			return (this.reserved != null) ? this.reserved : this.store.reserveIds(count);
		}

		@Override
		public boolean isAnyRecorded(List<Long> ids) {
			return this.store.isAnyRecorded(ids);
		}

	}

}
