package io.jobstarter.operations;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DueTime;
import io.jobstarter.IllegalJobStateException;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPage;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.fixture.H2Jobs;
import io.jobstarter.fixture.RecurringOperations;
import io.jobstarter.store.Lane;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.support.SafeEvents;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class DefaultJobOperationsTests {

	private static final JobId UNKNOWN = new JobId(Long.MAX_VALUE);

	private final H2Jobs database = new H2Jobs(true);

	private final List<Lane> wakeUps = new ArrayList<>();

	private Supplier<@Nullable String> operator = () -> null;

	private final JobOperations operations = operations(this.database.stores().operationsStore());

	private JobOperations operations(OperationsStore store) {
		return new DefaultJobOperations(store, this.database.transactionManager(), this.wakeUps::add,
				() -> this.operator.get(), (name, payload) -> {
				}, new SafeEvents((event) -> {
				}), RecurringOperations.of(this.database.stores(), this.database.transactionManager(),
						this.wakeUps::add, new SafeEvents((event) -> {
						})));
	}

	@Test
	void namesTheCurrentOperatorWhereTheCallerNamesNobody() {
		this.operator = () -> "alice";
		JobId id = enqueueLater();
		this.operations.discard(id, Audit.because("the customer is gone"));
		assertThat(this.operations.find(id).orElseThrow().reason()).isEqualTo("the customer is gone (alice)");
		JobId other = enqueueLater();
		this.operations.discard(other, Audit.NONE.by("bob"));
		assertThat(this.operations.find(other).orElseThrow().reason()).isEqualTo("by bob");
	}

	@Test
	void cancelsAJobThatIsGivenBackAndStartsAgainBetweenItsStatements() {
		JobId id = enqueueLater();
		claim(id);
		// The first try finds it running, then ready, and then running again.
		JobOperations busy = operations(
				meddling(Map.of("requestCancel", List.of(() -> giveBack(id)), "end", List.of(() -> {
				}, () -> claim(id)))));
		assertThat(busy.cancel(id)).isEqualTo(JobState.RUNNING);
		assertThat(this.database.sql()
			.sql("select cancel_requested from background_job_job")
			.query(Boolean.class)
			.single()).isTrue();
	}

	@Test
	void runsAJobNowThatIsPutOffBetweenItsStatements() {
		JobId id = enqueueLater();
		claim(id);
		JobOperations busy = operations(meddling(Map.of("redrives", List.of(() -> putOff(id)))));
		assertThat(busy.retry(id)).isEqualTo(id);
		assertThat(state(id)).isEqualTo(JobState.READY);
	}

	@Test
	void discardsAJobThatIsPutOffBetweenItsStatements() {
		JobId id = enqueueLater();
		claim(id);
		JobOperations busy = operations(meddling(Map.of("discardDeadLetter", List.of(() -> putOff(id)))));
		busy.discard(id);
		assertThat(state(id)).isEqualTo(JobState.DISCARDED);
	}

	@Test
	void triesForALimitedNumberOfTimes() {
		JobId id = enqueueLater();
		claim(id);
		Runnable giveBack = () -> giveBack(id);
		Runnable claim = () -> claim(id);
		JobOperations busy = operations(meddling(Map.of("requestCancel", Collections.nCopies(1_000, giveBack), "end",
				Collections.nCopies(1_000, claim))));
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> busy.cancel(id));
	}

	private void claim(JobId id) {
		change(id, "state = 0, worker = 1, claim = 1");
	}

	private void giveBack(JobId id) {
		change(id, "state = 0, worker = null, claim = null");
	}

	private void putOff(JobId id) {
		change(id, "state = 1, worker = null, claim = null");
	}

	private void change(JobId id, String columns) {
		new TransactionTemplate(this.database.transactionManager(),
				new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW))
			.executeWithoutResult((status) -> this.database.sql()
				.sql("update background_job_job set " + columns + " where id = ?")
				.param(id.value())
				.update());
	}

	/**
	 * Makes a store before whose calls something happens to the job.
	 * @param before what happens before the first call of a method, the second, and so on
	 */
	private OperationsStore meddling(Map<String, List<Runnable>> before) {
		OperationsStore store = this.database.stores().operationsStore();
		Map<String, Iterator<Runnable>> left = new HashMap<>();
		before.forEach((method, changes) -> left.put(method, changes.iterator()));
		return (OperationsStore) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { OperationsStore.class }, (proxy, method, arguments) -> {
					Iterator<Runnable> changes = left.getOrDefault(method.getName(), Collections.emptyIterator());
					if (changes.hasNext()) {
						changes.next().run();
					}
					return method.invoke(store, arguments);
				});
	}

	@Test
	void saysWhoPausedAQueue() {
		this.operator = () -> "alice";
		this.operations.pause("default", Audit.NONE);
		assertThat(this.operations.queues().get(0).pausedBy()).isEqualTo("alice");
		this.operations.resume("default");
		this.operator = () -> null;
		this.operations.pause("default", Audit.NONE);
		assertThat(this.operations.queues().get(0).pausedBy()).isNull();
	}

	@Test
	void changesNothingWhereTheCurrentOperatorIsRefused() {
		JobId id = enqueueLater();
		this.operator = () -> {
			throw new IllegalStateException("nobody is logged in");
		};
		assertThatIllegalStateException().isThrownBy(() -> this.operations.discard(id));
		assertThat(this.operations.find(id).orElseThrow().state()).isEqualTo(JobState.SCHEDULED);
	}

	@Test
	void refusesANoteThatIsNoneAndOneToNoLetter() {
		JobId id = enqueueLater();
		assertThatExceptionOfType(JobNotFoundException.class).isThrownBy(() -> this.operations.addNote(id, "why?"));
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.operations.addNote(id, ""));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.addNote(id, "x".repeat(10_001)));
		assertThat(this.operations.notes(id)).isEmpty();
	}

	@Test
	void refusesMoreGroupsThanAPageHolds() {
		assertThat(this.operations.deadLetterGroups(200)).isEmpty();
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.operations.deadLetterGroups(201));
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.operations.deadLetterGroups(0));
	}

	@Test
	void refusesAnAuditThatIsTooLong() {
		JobId id = enqueueLater();
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.discard(id, Audit.because("x".repeat(1_001))));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.retry(id, Audit.NONE.by("x".repeat(201))));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.retry(id, Audit.NONE.by("")));
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void runsAScheduledJobNowAndWakesAWorkerAfterTheCommit() {
		JobId id = enqueueLater();
		transaction().executeWithoutResult((status) -> {
			assertThat(this.operations.retry(id)).isEqualTo(id);
			assertThat(this.wakeUps).isEmpty();
		});
		assertThat(state(id)).isEqualTo(JobState.READY);
		assertThat(this.wakeUps).containsExactly(new Lane("default", 0, false));
	}

	@Test
	void wakesNobodyAfterARollback() {
		JobId id = enqueueLater();
		transaction().executeWithoutResult((status) -> {
			this.operations.retry(id);
			status.setRollbackOnly();
		});
		assertThat(state(id)).isEqualTo(JobState.SCHEDULED);
		assertThat(this.wakeUps).isEmpty();
	}

	@Test
	void cancelsAWaitingJob() {
		JobId id = enqueueLater();
		assertThat(this.operations.cancel(id)).isEqualTo(JobState.CANCELLED);
		assertThat(state(id)).isEqualTo(JobState.CANCELLED);
	}

	@Test
	void discardsAWaitingJob() {
		JobId id = enqueueLater();
		this.operations.discard(id);
		assertThat(state(id)).isEqualTo(JobState.DISCARDED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1000000000-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z",
			"+1000000000-12-31T23:59:59.999999999Z" })
	void reschedulesToAnyInstant(Instant at) {
		JobId id = enqueueLater();
		this.operations.reschedule(id, at);
		assertThat(state(id)).isIn(JobState.READY, JobState.SCHEDULED);
	}

	@ParameterizedTest
	@MethodSource("changes")
	void refusesWhatDoesNotApplyToAJobThatIsOver(Change change) {
		JobId id = enqueueLater();
		this.operations.cancel(id);
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> change.of(this.operations, id))
			.withMessage("Job " + id + " is CANCELLED: it cannot be " + change.past())
			.satisfies((ex) -> {
				assertThat(ex.id()).isEqualTo(id);
				assertThat(ex.state()).isEqualTo(JobState.CANCELLED);
			});
	}

	@ParameterizedTest
	@MethodSource("changes")
	void refusesWhatIsNotThere(Change change) {
		assertThatExceptionOfType(JobNotFoundException.class).isThrownBy(() -> change.of(this.operations, UNKNOWN))
			.satisfies((ex) -> assertThat(ex.id()).isEqualTo(UNKNOWN));
	}

	@ParameterizedTest
	@MethodSource("changes")
	void refusesToChangeInAReadOnlyTransactionAndChangesNothing(Change change) {
		JobId id = enqueueLater();
		TransactionTemplate readOnly = transaction();
		readOnly.setReadOnly(true);
		readOnly.executeWithoutResult((status) -> assertThatExceptionOfType(ReadOnlyTransactionException.class)
			.isThrownBy(() -> change.of(this.operations, id)));
		assertThat(state(id)).isEqualTo(JobState.SCHEDULED);
	}

	static Stream<Change> changes() {
		return Stream.of(Change.values());
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, 201, 1_000_000_000 })
	void refusesPagesThatAreNone(int limit) {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.find(JobFilter.ALL, null, limit))
			.withMessageContaining("1 to 200 rows, not " + limit);
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.deadLetters(DeadLetterFilter.ALL, null, limit));
	}

	@Test
	void pagesThroughAllJobsOnceTheNewestFirst() {
		List<JobId> enqueued = IntStream.range(0, 7).mapToObj((i) -> enqueueLater()).toList();
		List<JobId> seen = new ArrayList<>();
		JobPage<JobInfo> page = this.operations.find(JobFilter.ALL, null, 3);
		while (page.next() != null) {
			page.items().forEach((job) -> seen.add(job.id()));
			page = this.operations.find(JobFilter.ALL, page.next(), 3);
		}
		page.items().forEach((job) -> seen.add(job.id()));
		assertThat(seen).containsExactlyElementsOf(enqueued.stream().sorted((a, b) -> b.compareTo(a)).toList());
	}

	@Test
	void pausesAndResumesAQueue() {
		this.operations.pause("default", "maintenance");
		assertThat(this.operations.queues()).singleElement().satisfies((queue) -> {
			assertThat(queue.isPaused()).isTrue();
			assertThat(queue.pauseReason()).isEqualTo("maintenance");
		});
		assertThat(this.operations.resume("default")).isTrue();
		assertThat(this.operations.resume("default")).isFalse();
		assertThat(this.operations.queues()).noneMatch(QueueInfo::isPaused);
	}

	@Test
	void refusesToPauseWhatCannotBeAQueueOrForAReasonThatCannotBeStored() {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.pause("a queue", Audit.NONE));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.pause("default", "a\u0000"));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.pause("default", "x".repeat(1_001)));
		assertThat(this.operations.queues()).isEmpty();
	}

	@Test
	void setsAndResetsTheConcurrencyOfAQueue() {
		this.operations.setConcurrency("default", 1);
		this.operations.setConcurrency("default", 10_000);
		assertThat(this.operations.queues()).singleElement().extracting(QueueInfo::concurrency).isEqualTo(10_000);
		assertThat(this.operations.resetConcurrency("default")).isTrue();
		assertThat(this.operations.resetConcurrency("default")).isFalse();
		assertThat(this.operations.queues()).isEmpty();
	}

	@Test
	void refusesAConcurrencyThatCannotBe() {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.setConcurrency("default", 0))
			.withMessage(
					"A node runs 1 to 10000 jobs of a queue at the same time, not 0: to run none, pause the queue");
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.setConcurrency("default", 10_001));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.setConcurrency("default", -1));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.operations.setConcurrency("mail*", 5));
		assertThat(this.operations.queues()).isEmpty();
	}

	@Test
	void findsNothingWhereNothingIs() {
		assertThat(this.operations.find(UNKNOWN)).isEmpty();
		assertThat(this.operations.deadLetter(UNKNOWN)).isEmpty();
		assertThat(this.operations.failures(UNKNOWN)).isEmpty();
		assertThat(this.operations.workers()).isEmpty();
		assertThat(this.operations.queues()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "grüße", "'; drop table background_job_job; --", "%", "\n" })
	void aFilterIsDataAndNoStatement(String text) {
		JobId id = enqueueLater();
		assertThat(this.operations.find(JobFilter.ALL.withName(text), null, 10).items()).isEmpty();
		assertThat(this.operations.find(JobFilter.ALL.withQueue(text), null, 10).items()).isEmpty();
		assertThat(this.operations.find(JobFilter.ALL.withTag(text), null, 10).items()).isEmpty();
		assertThat(this.operations.resume(text)).isFalse();
		assertThat(state(id)).isEqualTo(JobState.SCHEDULED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\u0000b", "\uD800" })
	void refusesAFilterThatADatabaseRefuses(String text) {
		assertRefused(() -> this.operations.find(JobFilter.ALL.withName(text), null, 10));
		assertRefused(() -> this.operations.find(JobFilter.ALL.withQueue(text), null, 10));
		assertRefused(() -> this.operations.find(JobFilter.ALL.withTag(text), null, 10));
		assertRefused(() -> this.operations.deadLetters(new DeadLetterFilter(text, null, null, null), null, 10));
		assertRefused(() -> this.operations.deadLetters(new DeadLetterFilter(null, text, null, null), null, 10));
		assertRefused(() -> this.operations.resume(text));
	}

	private static void assertRefused(ThrowingCallable call) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(call)
			.withMessageContaining("A filter holds no");
	}

	private JobId enqueueLater() {
		return this.database.stores()
			.enqueueStore()
			.insert(List.of(new NewJob("greet", "default", 0, new DueTime.In(Duration.ofDays(1)), "{}", Map.of(),
					List.of(), null)))
			.get(0)
			.id();
	}

	private JobState state(JobId id) {
		return this.operations.find(id).orElseThrow().state();
	}

	private TransactionTemplate transaction() {
		return new TransactionTemplate(this.database.transactionManager());
	}

	private enum Change {

		RETRY("retried") {
			@Override
			void of(JobOperations operations, JobId id) {
				operations.retry(id);
			}
		},

		CANCEL("cancelled") {
			@Override
			void of(JobOperations operations, JobId id) {
				operations.cancel(id);
			}
		},

		DISCARD("discarded") {
			@Override
			void of(JobOperations operations, JobId id) {
				operations.discard(id);
			}
		},

		RESCHEDULE("rescheduled") {
			@Override
			void of(JobOperations operations, JobId id) {
				operations.reschedule(id, Instant.parse("2999-01-01T00:00:00Z"));
			}
		};

		private final String past;

		Change(String past) {
			this.past = past;
		}

		String past() {
			return this.past;
		}

		abstract void of(JobOperations operations, JobId id);

	}

}
