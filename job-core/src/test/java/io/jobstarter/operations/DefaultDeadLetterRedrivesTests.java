package io.jobstarter.operations;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.IllegalJobStateException;
import io.jobstarter.IllegalRedriveStateException;
import io.jobstarter.InvalidJobException;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobId;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.RedriveCanary;
import io.jobstarter.RedriveInfo;
import io.jobstarter.RedriveNotFoundException;
import io.jobstarter.RedrivePace;
import io.jobstarter.RedriveRequest;
import io.jobstarter.RedriveResult;
import io.jobstarter.RedriveResult.Outcome;
import io.jobstarter.RedriveState;
import io.jobstarter.fixture.DeadLetters;
import io.jobstarter.fixture.H2Jobs;
import io.jobstarter.fixture.RecurringOperations;
import io.jobstarter.store.Lane;
import io.jobstarter.support.SafeEvents;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DefaultDeadLetterRedrivesTests {

	private static final JobId UNKNOWN = new JobId(Long.MAX_VALUE);

	private final H2Jobs database = new H2Jobs(true);

	private final List<Lane> wakeUps = new ArrayList<>();

	private final JobOperations operations = new DefaultJobOperations(this.database.stores().operationsStore(),
			this.database.transactionManager(), this.wakeUps::add, () -> "carol", this::check,
			new SafeEvents((event) -> {
			}), RecurringOperations.of(this.database.stores(), this.database.transactionManager(), this.wakeUps::add,
					new SafeEvents((event) -> {
					})));

	private final DeadLetterRedrives redrives = this.operations.redrives();

	@AfterEach
	void close() {
		this.database.close();
	}

	private void check(String name, String payload) {
		if (payload.contains("wrong")) {
			throw new InvalidPayloadException("No " + name + " can be read from it");
		}
	}

	private List<JobId> letters(int count) {
		return DeadLetters.add(this.database.sql()::sql, count, "mail", "java.io.IOException");
	}

	private TransactionTemplate transaction() {
		return new TransactionTemplate(this.database.transactionManager());
	}

	@Test
	void tellsOfEachSelectedLetterWhatBecameOfIt() {
		List<JobId> ids = letters(4);
		JobId earlier = this.operations.retry(ids.get(2));
		this.operations.discard(ids.get(3));
		List<RedriveResult> results = this.redrives
			.redrive(List.of(ids.get(3), ids.get(1), UNKNOWN, ids.get(2), ids.get(1)), Audit.because("mended"));
		assertThat(results).extracting(RedriveResult::letter)
			.containsExactly(ids.get(3), ids.get(1), UNKNOWN, ids.get(2));
		assertThat(results).extracting(RedriveResult::outcome)
			.containsExactly(Outcome.DISCARDED, Outcome.REDRIVEN, Outcome.NOT_FOUND, Outcome.ALREADY_REDRIVEN);
		assertThat(results.get(1).job()).isEqualTo(this.operations.deadLetter(ids.get(1)).orElseThrow().retriedAs());
		assertThat(results.get(3).job()).isEqualTo(earlier);
		assertThat(results.get(0).job()).isNull();
		assertThat(this.operations.deadLetter(ids.get(1)).orElseThrow().resolution()).satisfies((resolution) -> {
			assertThat(resolution.by()).isEqualTo("carol");
			assertThat(resolution.why()).isEqualTo("mended");
		});
		assertThat(this.operations.deadLetter(ids.get(0)).orElseThrow().isOpen()).isTrue();
	}

	@Test
	void wakesWorkersOnceForALaneAndAfterTheCommit() {
		List<JobId> ids = letters(3);
		transaction().executeWithoutResult((status) -> {
			this.redrives.redrive(ids, Audit.NONE);
			assertThat(this.wakeUps).isEmpty();
		});
		assertThat(this.wakeUps).containsExactly(new Lane("default", 3, false));
	}

	@Test
	void hearsOfARedriveAfterTheCommitAndNotAfterARollback() {
		List<String> heard = new ArrayList<>();
		this.database.stores().redriveSteps().listen(() -> heard.add("redrive"));
		transaction().executeWithoutResult((status) -> {
			this.redrives.start(RedriveRequest.of(DeadLetterFilter.OPEN), Audit.NONE);
			status.setRollbackOnly();
		});
		assertThat(heard).isEmpty();
		transaction().executeWithoutResult((status) -> {
			this.redrives.start(RedriveRequest.of(DeadLetterFilter.OPEN), Audit.NONE);
			assertThat(heard).isEmpty();
		});
		assertThat(heard).hasSize(1);
	}

	@Test
	void correctsAPayload() {
		JobId id = letters(1).get(0);
		assertThatExceptionOfType(InvalidPayloadException.class)
			.isThrownBy(() -> this.redrives.redriveCorrected(id, "wrong", Audit.NONE))
			.withMessage("No mail can be read from it");
		JobId job = this.redrives.redriveCorrected(id, "{}", Audit.NONE);
		assertThat(this.operations.find(job).orElseThrow().payload()).isEqualTo("{}");
		assertThatExceptionOfType(IllegalJobStateException.class)
			.isThrownBy(() -> this.redrives.redriveCorrected(id, "{}", Audit.NONE))
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(JobState.DEAD));
		assertThatExceptionOfType(IllegalJobStateException.class)
			.isThrownBy(() -> this.redrives.redriveCorrected(job, "{}", Audit.NONE))
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(JobState.READY));
		assertThatExceptionOfType(JobNotFoundException.class)
			.isThrownBy(() -> this.redrives.redriveCorrected(UNKNOWN, "{}", Audit.NONE));
	}

	@Test
	void startsWithSafeDefaults() {
		letters(20);
		assertThat(this.redrives.count(DeadLetterFilter.OPEN)).isEqualTo(20);
		long id = this.redrives.start(RedriveRequest.of(DeadLetterFilter.ALL), Audit.because("mended"));
		RedriveInfo redrive = this.redrives.find(id).orElseThrow();
		assertThat(redrive.state()).isEqualTo(RedriveState.CANARY);
		assertThat(redrive.canary()).isEqualTo(new RedriveCanary(10, 8));
		assertThat(redrive.pause()).isEqualTo(Duration.ofMillis(10));
		assertThat(redrive.progress().matching()).isEqualTo(20);
		assertThat(redrive.startedBy()).isEqualTo(new Audit("carol", "mended"));
		assertThat(this.redrives.list(null, 1)).containsExactly(redrive);
	}

	@Test
	void spreadsARedriveOverATime() {
		letters(20);
		long id = this.redrives
			.start(RedriveRequest.of(DeadLetterFilter.OPEN).withoutCanary().over(Duration.ofMinutes(1)), Audit.NONE);
		assertThat(this.redrives.find(id).orElseThrow().pause()).isEqualTo(Duration.ofSeconds(3));
		assertThat(new RedrivePace.Over(Duration.ofNanos(1)).pause(1_000)).isEqualTo(Duration.ofNanos(100_000));
		assertThat(new RedrivePace.Over(Duration.ofDays(30)).pause(0)).isEqualTo(Duration.ofDays(30));
	}

	@Test
	void cancelsAndResumesOnlyWhatCanBe() {
		long id = this.redrives.start(RedriveRequest.of(DeadLetterFilter.OPEN), Audit.NONE);
		assertThatExceptionOfType(IllegalRedriveStateException.class)
			.isThrownBy(() -> this.redrives.resume(id, Audit.NONE))
			.withMessage("Redrive " + id + " is CANARY: it cannot be resumed");
		this.redrives.cancel(id, Audit.because("no use"));
		assertThat(this.redrives.find(id).orElseThrow().changedBy()).isEqualTo(new Audit("carol", "no use"));
		assertThatExceptionOfType(IllegalRedriveStateException.class)
			.isThrownBy(() -> this.redrives.cancel(id, Audit.NONE))
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(RedriveState.CANCELLED));
		assertThatExceptionOfType(RedriveNotFoundException.class)
			.isThrownBy(() -> this.redrives.cancel(id + 1, Audit.NONE))
			.satisfies((ex) -> assertThat(ex.id()).isEqualTo(id + 1));
		assertThatExceptionOfType(RedriveNotFoundException.class)
			.isThrownBy(() -> this.redrives.resumeWithoutCanary(id + 1, Audit.NONE));
		assertThat(this.redrives.find(id + 1)).isEmpty();
	}

	@Test
	void refusesWhatCannotBe() {
		RedriveRequest request = RedriveRequest.of(DeadLetterFilter.OPEN);
		DeadLetterFilter resolved = new DeadLetterFilter(null, null, null, false);
		assertRefused(() -> this.redrives.count(resolved), "Only open dead letters");
		assertRefused(() -> this.redrives.start(RedriveRequest.of(resolved), Audit.NONE), "Only open dead letters");
		assertRefused(() -> this.redrives.count(DeadLetterFilter.OPEN.withTag("\u0000")), "A filter holds no");
		assertRefused(() -> this.redrives.start(request, Audit.because("x".repeat(1_001))), "reason");
		assertRefused(() -> this.redrives.list(null, 201), "1 to 200 rows");
		assertRefused(() -> request.perSecond(0), "1 to 10000 jobs a second, not 0");
		assertRefused(() -> request.perSecond(10_001), "not 10001");
		assertRefused(() -> request.over(Duration.ZERO), "at most 30 days");
		assertRefused(() -> request.over(Duration.ofDays(31)), "at most 30 days");
		assertRefused(() -> request.canary(0, 0), "withoutCanary()");
		assertRefused(() -> request.canary(1_001, 5), "up to 1000 jobs");
		assertRefused(() -> request.canary(5, 6), "1 to 5 have to succeed, not 6");
		assertRefused(() -> request.canary(5, 0), "1 to 5 have to succeed, not 0");
		List<JobId> many = LongStream.rangeClosed(1, 1_001).mapToObj(JobId::new).toList();
		assertRefused(() -> this.redrives.redrive(many, Audit.NONE), "At most 1000");
		assertThat(this.redrives.redrive(Collections.nCopies(2_000, UNKNOWN), Audit.NONE)).hasSize(1);
		assertThat(this.redrives.list(null, 10)).isEmpty();
	}

	private static void assertRefused(ThrowingCallable call, String message) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(call).withMessageContaining(message);
	}

	@Test
	void changesNothingInAReadOnlyTransaction() {
		List<JobId> ids = letters(1);
		TransactionTemplate readOnly = transaction();
		readOnly.setReadOnly(true);
		readOnly.executeWithoutResult((status) -> {
			assertThat(this.redrives.count(DeadLetterFilter.OPEN)).isOne();
			assertThatExceptionOfType(ReadOnlyTransactionException.class)
				.isThrownBy(() -> this.redrives.redrive(ids, Audit.NONE));
			assertThatExceptionOfType(ReadOnlyTransactionException.class)
				.isThrownBy(() -> this.redrives.start(RedriveRequest.of(DeadLetterFilter.OPEN), Audit.NONE));
		});
		assertThat(this.redrives.count(DeadLetterFilter.OPEN)).isOne();
	}

}
