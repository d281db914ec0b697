package io.jobstarter.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DueTime;
import io.jobstarter.JobId;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.JobOperations;
import io.jobstarter.OperatorAction;
import io.jobstarter.OperatorAction.Operation;
import io.jobstarter.QueueInfo;
import io.jobstarter.RecurringJobs;
import io.jobstarter.RecurringRequest;
import io.jobstarter.RedriveRequest;
import io.jobstarter.fixture.DeadLetters;
import io.jobstarter.fixture.H2Jobs;
import io.jobstarter.fixture.RecurringOperations;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.NewJob;
import io.jobstarter.support.SafeEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that every change of an operator is told, with who, what, why and how many.
 */
class AuditTrailTests {

	private static final Audit WHY = new Audit("alice", "at 3 a.m.");

	private final H2Jobs database = new H2Jobs(true);

	private final List<OperatorAction> actions = new ArrayList<>();

	private final JobOperations operations = new DefaultJobOperations(this.database.stores().operationsStore(),
			this.database.transactionManager(), (lane) -> {
			}, () -> "carol", (name, payload) -> {
			}, new SafeEvents((event) -> this.actions.add((OperatorAction) event)),
			RecurringOperations.of(this.database.stores(), this.database.transactionManager(), (lane) -> {
			}, new SafeEvents((event) -> this.actions.add((OperatorAction) event)), handlers()));

	private static HandlerRegistry handlers() {
		return new HandlerRegistry(List.of(new JobDefinition("mail", Set.of(), "the test", null, "mailers", 0, null,
				false, true, List.of(), List.of(), (payload, attempt) -> {
				})));
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void tellsOfChangesOfJobs() {
		JobId id = enqueueLater();
		Instant at = Instant.parse("2999-01-01T00:00:00Z");
		this.operations.reschedule(id, at, WHY);
		assertTold(Operation.RESCHEDULE, "job " + id, 1, Map.of("at", at.toString()));
		this.operations.retry(id, WHY);
		assertTold(Operation.RETRY, "job " + id, 1, Map.of());
		this.operations.cancel(id, WHY);
		assertTold(Operation.CANCEL, "job " + id, 1, Map.of("state", "CANCELLED"));
		assertThat(this.operations.find(id).orElseThrow().reason()).isEqualTo("at 3 a.m. (alice)");
		JobId other = enqueueLater();
		this.operations.discard(other, WHY);
		assertTold(Operation.DISCARD, "job " + other, 1, Map.of());
	}

	@Test
	void tellsOfChangesOfDeadLetters() {
		List<JobId> ids = DeadLetters.add(this.database.sql()::sql, 5, "mail", "java.io.IOException");
		this.operations.addNote(ids.get(0), "secret", WHY.by());
		assertThat(last()).isEqualTo(new OperatorAction(Operation.ADD_NOTE, "dead letter " + ids.get(0),
				new Audit("alice", null), 1, Map.of()));
		JobId job = this.operations.retry(ids.get(0), WHY);
		assertTold(Operation.RETRY, "dead letter " + ids.get(0), 1, Map.of("job", job.toString()));
		this.operations.discard(ids.get(1), WHY);
		assertTold(Operation.DISCARD, "dead letter " + ids.get(1), 1, Map.of());
		this.operations.redrives().redrive(List.of(ids.get(3), ids.get(2), ids.get(1)), WHY);
		assertTold(Operation.REDRIVE, "dead letters by id", 2, Map.of("letters", ids.get(2) + " " + ids.get(3)));
		JobId corrected = this.operations.redrives().redriveCorrected(ids.get(4), "{\"secret\":1}", WHY);
		assertTold(Operation.REDRIVE_CORRECTED, "dead letter " + ids.get(4), 1, Map.of("job", corrected.toString()));
		assertThat(this.actions.toString()).doesNotContain("secret");
	}

	@Test
	void tellsOfRedrives() {
		DeadLetters.add(this.database.sql()::sql, 3, "mail", "java.io.IOException");
		long id = this.operations.redrives().start(RedriveRequest.of(DeadLetterFilter.OPEN.withName("mail")), WHY);
		assertTold(Operation.START_REDRIVE, "redrive " + id, 3, Map.of("name", "mail"));
		this.database.sql().sql("update background_job_redrive set state = 'STOPPED' where id = " + id).update();
		this.operations.redrives().resumeWithoutCanary(id, WHY);
		assertTold(Operation.RESUME_REDRIVE, "redrive " + id, 1, Map.of("canary", "false"));
		this.operations.redrives().cancel(id, WHY);
		assertTold(Operation.CANCEL_REDRIVE, "redrive " + id, 1, Map.of());
	}

	@Test
	void tellsOfChangesOfQueuesAndBreakersAndWhereThereWereNone() {
		this.operations.pause("mailers", WHY);
		assertTold(Operation.PAUSE, "queue mailers", 1, Map.of());
		assertThat(this.operations.queues()).extracting(QueueInfo::pauseReason).contains("at 3 a.m.");
		this.operations.resume("mailers", WHY);
		assertTold(Operation.RESUME, "queue mailers", 1, Map.of());
		this.operations.resume("mailers", WHY);
		assertTold(Operation.RESUME, "queue mailers", 0, Map.of());
		this.operations.setConcurrency("mailers", 7, WHY);
		assertTold(Operation.SET_CONCURRENCY, "queue mailers", 1, Map.of("perNode", "7"));
		this.operations.resetConcurrency("mailers", WHY);
		assertTold(Operation.RESET_CONCURRENCY, "queue mailers", 1, Map.of());
		this.operations.forceOpen("smtp", WHY);
		assertTold(Operation.FORCE_OPEN, "circuit breaker smtp", 1, Map.of());
		this.operations.forceClosed("smtp", WHY);
		assertTold(Operation.FORCE_CLOSED, "circuit breaker smtp", 1, Map.of());
		this.operations.resetBreaker("smtp", WHY);
		assertTold(Operation.RESET_BREAKER, "circuit breaker smtp", 1, Map.of());
	}

	@Test
	void tellsOfChangesOfRecurringJobs() {
		RecurringJobs recurring = this.operations.recurring();
		recurring.put(RecurringRequest.ofJobNamed("nightly", "@daily", "mail", "{\"secret\":1}"), WHY);
		assertTold(Operation.PUT_RECURRING, "recurring job nightly", 1, Map.of("schedule", "@daily", "job", "mail"));
		recurring.pause("nightly", WHY);
		assertTold(Operation.PAUSE_RECURRING, "recurring job nightly", 1, Map.of());
		recurring.resume("nightly", WHY);
		assertTold(Operation.RESUME_RECURRING, "recurring job nightly", 1, Map.of());
		recurring.resume("nightly", WHY);
		assertTold(Operation.RESUME_RECURRING, "recurring job nightly", 0, Map.of());
		JobId job = recurring.runNow("nightly", WHY);
		assertTold(Operation.RUN_RECURRING, "recurring job nightly", 1, Map.of("job", job.toString()));
		recurring.remove("nightly", WHY);
		assertTold(Operation.REMOVE_RECURRING, "recurring job nightly", 1, Map.of());
		assertThat(this.actions.toString()).doesNotContain("secret");
	}

	@Test
	void namesTheCurrentOperatorWhereTheCallerNamesNobody() {
		this.operations.pause("mailers", "maintenance");
		assertThat(last().audit()).isEqualTo(new Audit("carol", "maintenance"));
		this.operations.cancel(enqueueLater());
		assertThat(last().audit()).isEqualTo(new Audit("carol", null));
	}

	@Test
	void tellsOfNothingBeforeTheCommitAndOfNothingThatIsNotKept() {
		TransactionTemplate transaction = new TransactionTemplate(this.database.transactionManager());
		transaction.executeWithoutResult((status) -> {
			this.operations.pause("mailers", WHY);
			assertThat(this.actions).isEmpty();
		});
		assertThat(this.actions).hasSize(1);
		transaction.executeWithoutResult((status) -> {
			this.operations.resume("mailers", WHY);
			status.setRollbackOnly();
		});
		assertThatExceptionOfType(JobNotFoundException.class)
			.isThrownBy(() -> this.operations.cancel(new JobId(Long.MAX_VALUE), WHY));
		assertThat(this.actions).hasSize(1);
	}

	@Test
	void knowsEveryOperation() {
		tellsOfRedrives();
		tellsOfChangesOfJobs();
		tellsOfChangesOfDeadLetters();
		tellsOfChangesOfQueuesAndBreakersAndWhereThereWereNone();
		tellsOfChangesOfRecurringJobs();
		tellsOfChangesOfLimitsAndOfTheFleet();
		Set<Operation> told = this.actions.stream().map(OperatorAction::operation).collect(Collectors.toSet());
		assertThat(told).isEqualTo(EnumSet.allOf(Operation.class));
	}

	@Test
	void tellsOfChangesOfLimitsAndOfTheFleet() {
		this.operations.limits().set("account", 3, WHY);
		assertTold(Operation.SET_LIMIT, "limit account", 1, Map.of("permits", "3"));
		this.operations.limits().reset("account", WHY);
		assertTold(Operation.RESET_LIMIT, "limit account", 1, Map.of());
		this.operations.limits().reset("account", WHY);
		assertTold(Operation.RESET_LIMIT, "limit account", 0, Map.of());
		this.operations.setFleetConcurrency("mailers", 9, WHY);
		assertThat(last().operation()).isEqualTo(Operation.SET_FLEET_CONCURRENCY);
		this.operations.resetFleetConcurrency("mailers", WHY);
		assertThat(last().operation()).isEqualTo(Operation.RESET_FLEET_CONCURRENCY);
	}

	private void assertTold(Operation operation, String target, long count, Map<String, String> details) {
		assertThat(last()).isEqualTo(new OperatorAction(operation, target, WHY, count, details));
	}

	private OperatorAction last() {
		return this.actions.get(this.actions.size() - 1);
	}

	private JobId enqueueLater() {
		return this.database.stores()
			.enqueueStore()
			.insert(List.of(new NewJob("greet", "default", 0, new DueTime.In(Duration.ofDays(1)), "{}", Map.of(),
					List.of(), null)))
			.get(0)
			.id();
	}

}
