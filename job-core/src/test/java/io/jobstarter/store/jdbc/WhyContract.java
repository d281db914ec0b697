package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.Audit;
import io.jobstarter.BreakerState;
import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobDiagnosis;
import io.jobstarter.JobId;
import io.jobstarter.JobMoment.Kind;
import io.jobstarter.JobMoment;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobRate;
import io.jobstarter.LimitKey;
import io.jobstarter.QueueLoad;
import io.jobstarter.ReasonCode;
import io.jobstarter.ServedQueue;
import io.jobstarter.SettledCounts;
import io.jobstarter.WorkerDeclaration;
import io.jobstarter.WorkerInfo;
import io.jobstarter.WorkerReport;
import io.jobstarter.store.BreakerChange;
import io.jobstarter.store.BreakerRow;
import io.jobstarter.store.BreakerStore.ProbeRequest;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.KeyTerms;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.WorkerStore.Renewal;
import io.jobstarter.store.WorkerStore.WorkerRow;
import io.jobstarter.why.JobDiagnoser;
import io.jobstarter.why.JobTimeline;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.HEARTBEAT;
import static io.jobstarter.store.jdbc.StoreFixture.LEASE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static io.jobstarter.store.jdbc.StoreFixture.later;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Why a job does not run: each reason in the situation that it is meant for.
 */
interface WhyContract {

	StoreFixture fixture();

	private OperationsStore operations() {
		return fixture().stores.operationsStore();
	}

	private JobDiagnosis why(long id) {
		return new JobDiagnoser(operations()).diagnose(new JobId(id)).orElseThrow();
	}

	private Reason first(long id) {
		return why(id).reasons().get(0);
	}

	private List<ReasonCode> codes(long id) {
		return why(id).reasons().stream().map(Reason::code).toList();
	}

	private void registerServing(long worker, ServedQueue... queues) {
		fixture().stores.workerStore()
			.register(new WorkerRow(worker, "node-1", 42, "shop 1.2", new WorkerDeclaration(List.of(queues), false, 10),
					Set.of("mail", "e-mail")), LEASE);
	}

	private void registerServingDefault() {
		registerServing(ME, new ServedQueue("default", 2, 1));
		report(2, load("default", 0, 0));
	}

	private static QueueLoad load(String queue, int running, int ahead, Long... longest) {
		return new QueueLoad(queue, running, ahead, List.of(longest).stream().map(JobId::new).toList(),
				Duration.ofMinutes(5), new SettledCounts(60, 0, 0, 0, 0, 0));
	}

	private void report(int slots, QueueLoad... loads) {
		int used = List.of(loads).stream().mapToInt(QueueLoad::running).sum();
		report(new WorkerReport(slots, used, 0, false, false, SettledCounts.NONE, Duration.ofMinutes(1), List.of(loads),
				null));
	}

	private void report(WorkerReport report) {
		assertThat(fixture().stores.workerStore().renew(ME, LEASE, HEARTBEAT, report)).isEqualTo(Renewal.RENEWED);
	}

	private void age(String column, long id, String interval) {
		fixture()
			.sql("update background_job_job set " + column + " = clock_timestamp() - interval " + interval
					+ " where id = :id")
			.param("id", id)
			.update();
	}

	@Test
	default void thereIsNoReasonForAJobThatDoesNotExist() {
		assertThat(new JobDiagnoser(operations()).diagnose(new JobId(987_654_321))).isEmpty();
		assertThat(new JobTimeline(operations()).of(new JobId(987_654_321))).isEmpty();
	}

	@Test
	default void aSentenceIsOneLineWhateverNamesStandInIt() {
		registerServingDefault();
		long id = fixture().enqueue(job("mail"));
		fixture().sql("update background_job_job set queue = :queue")
			.param("queue", "a\r\n\u001b[31mINFO ${jndi:x}")
			.update();
		assertThat(first(id).sentence()).startsWith("No live worker serves queue a   [31mINFO ${jndi:x}: ");
		assertThat(new JobTimeline(operations()).of(new JobId(id)).get(0).text()).doesNotContain("\n", "\u001b");
	}

	@Test
	default void theRateOfItsQueueIsUsedUp() {
		registerServingDefault();
		fixture().enqueue(job("mail"));
		fixture().stores.rateStore()
			.claim(new ClaimRequest(ME, 1, Set.of("mail"), List.of(fixture().demand("default", 1)), 1), "def*",
					new JobRate(1, Duration.ofHours(1)));
		Reason reason = why(fixture().enqueue(job("mail"))).reasons()
			.stream()
			.filter((one) -> one.code() == ReasonCode.QUEUE_RATE)
			.findFirst()
			.orElseThrow();
		assertThat(reason.sentence())
			.startsWith("The permits of queue def*, 1 per 1h on all nodes, are used up; the next permit comes in ");
		assertThat(reason.details()).containsEntry("permits", 1)
			.containsEntry("per", "PT1H")
			.containsKey("nextPermitAt");
	}

	@Test
	default void theRateOfItsKeyIsUsedUpAndOthersWaitBeforeIt() {
		List<Long> jobs = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			jobs.add(fixture().enqueue(job("mail").withKeys(List.of(LimitKey.of(LimitKey.Kind.RATE, "api", "acme")))));
		}
		fixture().stores.claimStore()
			.take(new ClaimRequest(ME, 1, Set.of("mail"), List.of(fixture().demand("default", 9)), 9,
					new KeyTerms(Map.of(), 9, Map.of("api", new JobRate(1, Duration.ofHours(1))))));
		assertThat(codes(jobs.get(2))).contains(ReasonCode.RATE_LIMIT);
		Reason reason = first(jobs.get(2));
		assertThat(reason.sentence())
			.startsWith("The rate of api:acme is 1 per 1h. 1 other goes first; the next permit comes in ");
		assertThat(reason.details()).containsEntry("waitingBefore", 1).containsEntry("key", "api:acme");
		assertThat(first(jobs.get(1)).sentence()).contains("It goes next; ");
	}

	@Test
	default void jobsOfHigherPriorityThatCameLaterOvertakeIt() {
		registerServingDefault();
		long id = fixture().enqueue(job("mail"));
		fixture().enqueue(job("mail", "default", 5));
		fixture().enqueue(job("mail", "default", 6));
		assertThat(codes(id)).containsExactly(ReasonCode.JOBS_AHEAD);
		age("due_at", id, "'2' minute");
		assertThat(codes(id)).containsExactly(ReasonCode.JOBS_AHEAD, ReasonCode.OVERTAKEN);
		Reason reason = why(id).reasons().get(1);
		assertThat(reason.details()).containsEntry("overtaking", 2).containsEntry("priority", 0);
		assertThat(reason.sentence()).startsWith("2 of those became due after it");
	}

	@Test
	default void theFreeSlotsAreKeptForLowerPriorities() {
		registerServing(ME, new ServedQueue("default", 3, 1, 2, 0));
		report(3, load("default", 1, 0));
		assertThat(codes(fixture().enqueue(job("mail")))).containsExactly(ReasonCode.SLOTS_KEPT);
		assertThat(codes(fixture().enqueue(job("mail", "default", -1)))).doesNotContain(ReasonCode.SLOTS_KEPT);
		report(3, load("default", 0, 0));
		assertThat(codes(fixture().enqueue(job("mail", "default", 9)))).doesNotContain(ReasonCode.SLOTS_KEPT);
	}

	@Test
	default void itsQueueIsPaused() {
		registerServingDefault();
		long id = fixture().enqueue(job("mail"));
		operations().pause("default", new Audit("ann", "smtp is down"));
		Reason reason = first(id);
		assertThat(reason.code()).isEqualTo(ReasonCode.QUEUE_PAUSED);
		assertThat(reason.sentence())
			.isEqualTo("Queue default was paused less than a second ago by ann: smtp is down.");
		assertThat(reason.details()).containsEntry("by", "ann")
			.containsEntry("why", "smtp is down")
			.containsKey("since");
	}

	@Test
	default void noWorkerIsAlive() {
		long id = fixture().enqueue(job("mail"));
		assertThat(first(id).sentence())
			.isEqualTo("No worker is alive: every node only enqueues, is down, or does not reach the database.");
		registerServingDefault();
		fixture().expire(ME);
		Reason reason = first(id);
		assertThat(reason.code()).isEqualTo(ReasonCode.NO_WORKER_ALIVE);
		assertThat(reason.sentence()).endsWith("; the last that was heard of is worker " + ME
				+ " (node-1, process 42, shop 1.2), less than a second ago.");
	}

	@Test
	default void noWorkerServesItsQueue() {
		registerServing(ME, new ServedQueue("tenant-*", 2, 1), new ServedQueue("reports", 2, 1));
		long id = fixture().enqueue(job("mail"));
		Reason reason = first(id);
		assertThat(reason.code()).isEqualTo(ReasonCode.QUEUE_NOT_SERVED);
		assertThat(reason.sentence())
			.isEqualTo("No live worker serves queue default: 1 worker serves reports, tenant-*.");
		assertThat(codes(fixture().enqueue(job("mail", "tenant-7", 0)))).containsExactly(ReasonCode.STARTS_SOON);
	}

	@Test
	default void noWorkerKnowsItsName() {
		registerServingDefault();
		Reason reason = first(fixture().enqueue(job("report")));
		assertThat(reason.code()).isEqualTo(ReasonCode.NAME_NOT_KNOWN);
		assertThat(reason.sentence()).isEqualTo("No handler of the name report, nor one that has it as an alias, is on "
				+ "the 1 live worker that serves queue default (shop 1.2).");
	}

	@Test
	default void aNameOfWhichAnotherIsAPartIsAnother() {
		registerServingDefault();
		assertThat(first(fixture().enqueue(job("e"))).code()).isEqualTo(ReasonCode.NAME_NOT_KNOWN);
		assertThat(codes(fixture().enqueue(job("e-mail")))).doesNotContain(ReasonCode.NAME_NOT_KNOWN);
	}

	@Test
	default void allWhoCouldRunItAreStopping() {
		registerServingDefault();
		fixture().stores.workerStore().markStopping(ME);
		Reason reason = first(fixture().enqueue(job("mail")));
		assertThat(reason.code()).isEqualTo(ReasonCode.WORKERS_STOPPING);
		assertThat(reason.sentence())
			.isEqualTo("The only live worker that could run it is shutting down and takes no more jobs.");
	}

	@Test
	default void aWorkerOfAnEarlierReleaseDoesNotTell() {
		fixture().register(ME);
		Reason reason = first(fixture().enqueue(job("mail")));
		assertThat(reason.code()).isEqualTo(ReasonCode.WORKERS_DO_NOT_TELL);
		assertThat(reason.sentence()).isEqualTo("1 live worker runs an earlier release, which does not tell what it "
				+ "serves: perhaps queue default.");
	}

	@Test
	default void allSlotsAreTaken() {
		registerServing(ME, new ServedQueue("default", 2, 1));
		long first = fixture().enqueue(job("mail"));
		long second = fixture().enqueue(job("mail"));
		fixture().claim(2);
		age("claimed_at", first, "'5' minute");
		report(2, load("default", 2, 0, first, second));
		long id = fixture().enqueue(job("mail"));
		Reason reason = first(id);
		assertThat(reason.code()).isEqualTo(ReasonCode.SLOTS_BUSY);
		assertThat(reason.sentence())
			.isEqualTo("All 2 slots for queue default on 1 worker are taken; the longest-running: job " + first
					+ " (mail) for 5 min, job " + second + " (mail) for less than a second.");
		report(2, load("default", 1, 0, first));
		assertThat(codes(id)).containsExactly(ReasonCode.STARTS_SOON);
	}

	@Test
	default void allSlotsAreTakenByOtherQueues() {
		registerServing(ME, new ServedQueue("vip", 2, 1), new ServedQueue("default", 2, 1));
		report(2, load("vip", 2, 0));
		assertThat(first(fixture().enqueue(job("mail"))).sentence())
			.isEqualTo("All 2 slots for queue default on 1 worker are taken (vip 2).");
	}

	@Test
	default void theSlotsAreKeptForAJobThatRunsAlone() {
		registerServing(ME, new ServedQueue("default", 2, 1));
		report(new WorkerReport(2, 1, 0, false, true, SettledCounts.NONE, Duration.ZERO, List.of(), null));
		assertThat(first(fixture().enqueue(job("mail"))).sentence()).isEqualTo("1 worker that could run it keeps its "
				+ "slots for a job that has to run alone, since workers died while they ran it.");
	}

	@Test
	default void othersGoFirst() {
		registerServingDefault();
		fixture().enqueue(3, "mail", "default");
		long id = fixture().enqueue(job("mail"));
		fixture().enqueue(2, "mail", "default");
		fixture().enqueue(job("mail", "default", 7));
		fixture().enqueue(job("mail", "other", 7));
		fixture().enqueue(job("mail", "default", -1));
		Reason reason = first(id);
		assertThat(reason.code()).isEqualTo(ReasonCode.JOBS_AHEAD);
		assertThat(reason.sentence()).isEqualTo("4 jobs of queue default go before it (1 of higher priority); it has "
				+ "been ready for less than a second, and at the pace of the last minute they take 4 s.");
		assertThat(reason.details()).containsEntry("ahead", 4).containsEntry("more", false);
	}

	@Test
	default void whatCameBackGoesFirst() {
		registerServingDefault();
		fixture().enqueue(job("mail"));
		ClaimedJob returned = fixture().claimOne();
		long id = fixture().enqueue(job("mail"));
		fixture().settle(returned, new JobOutcome.Returned("shutdown"));
		assertThat(first(id).sentence()).startsWith("1 job of queue default goes before it (1 that came back)");
		assertThat(codes(returned.id())).containsExactly(ReasonCode.STARTS_SOON);
	}

	@Test
	default void thoseThatGoFirstAreNotAllCounted() {
		registerServingDefault();
		fixture().enqueue(1_005, "mail", "default");
		Reason reason = first(fixture().enqueue(job("mail")));
		assertThat(reason.sentence()).startsWith("More than 1,000 jobs of queue default go before it; it has been");
		assertThat(reason.details()).containsEntry("more", true).containsEntry("ahead", 1_001);
	}

	@Test
	default void itRunsAlone() {
		registerServingDefault();
		long id = fixture().enqueue(job("mail"));
		fixture().sql("update background_job_job set crashes = 2").update();
		assertThat(first(id).sentence()).isEqualTo("2 workers died while they ran it, so it runs alone: a node claims "
				+ "it when all that it runs has ended, or after the time of a lease.");
	}

	@Test
	default void nothingIsInItsWay() {
		registerServingDefault();
		Reason reason = first(fixture().enqueue(job("mail")));
		assertThat(reason.code()).isEqualTo(ReasonCode.STARTS_SOON);
		assertThat(reason.sentence())
			.isEqualTo("Nothing is known to be in its way: 1 live worker serves queue default with 2 free slots, "
					+ "and it starts when one of them looks for jobs, within a few poll intervals.");
	}

	@Test
	default void itIsDueLater() {
		registerServingDefault();
		long id = fixture().enqueue(later("mail", Duration.ofHours(26)));
		assertThat(first(id).sentence()).matches("It is due in 1 d 1 h, at .*Z, and has not been tried yet\\.");
		assertThat(codes(id)).containsExactly(ReasonCode.DUE_LATER);
		age("due_at", id, "'3' minute");
		assertThat(first(id).sentence())
			.isEqualTo("It has been due for 3 min and becomes ready as soon as a worker looks for what is due.");
		assertThat(first(id).code()).isEqualTo(ReasonCode.DUE_NOW);
	}

	@Test
	default void itIsTriedAgainLater() {
		registerServingDefault();
		long id = fixture().enqueue(job("mail"));
		fixture().settle(fixture().claimOne(), new JobOutcome.Retried(FAILURE, Duration.ofMinutes(10), null));
		assertThat(first(id).code()).isEqualTo(ReasonCode.RETRY_LATER);
		assertThat(first(id).sentence()).matches("It is due for attempt 2 in 9 min 59 s, at .*Z; 1 attempt failed, the "
				+ "last one less than a second ago with java\\.io\\.IOException\\.");
	}

	@Test
	default void itWasPutOff() {
		registerServingDefault();
		long id = fixture().enqueue(job("mail"));
		DueTime due = new DueTime.In(Duration.ofMinutes(10));
		fixture().settle(fixture().claimOne(), new JobOutcome.Snoozed(due, "the rate limiter smtp has none left"));
		assertThat(first(id).code()).isEqualTo(ReasonCode.PUT_OFF);
		assertThat(first(id).sentence()).matches("It was put off and is due again in 9 min 59 s, at .*Z: the rate "
				+ "limiter smtp has none left; no attempt was used up\\.");
		operations().runNow(new JobId(id));
		assertThat(operations().find(new JobId(id)).orElseThrow().reason()).isNull();
		fixture().settle(fixture().claimOne(), new JobOutcome.Snoozed(due));
		assertThat(first(id).sentence()).contains(": it was put off;");
		fixture().makeDue(id);
		fixture().stores.maintenanceStore().promote(10);
		assertThat(operations().find(new JobId(id)).orElseThrow().reason()).isNull();
	}

	private long parked() {
		registerServingDefault();
		long id = fixture().enqueue(job("mail"));
		fixture().settle(fixture().claimOne(), new JobOutcome.Parked(BreakerRow.parking("smtp")));
		return id;
	}

	private void open(Duration delay) {
		fixture().stores.breakerStore()
			.open(BreakerChange.open("smtp", 1, delay, "failure rate 100 %", "node-1"), Duration.ofMillis(1));
	}

	@Test
	default void itsCircuitBreakerIsOpen() {
		long id = parked();
		open(Duration.ofMinutes(10));
		assertThat(first(id).code()).isEqualTo(ReasonCode.CIRCUIT_OPEN);
		assertThat(first(id).sentence()).matches("Circuit breaker smtp opened less than a second ago: failure rate "
				+ "100 %; in 9 min 59 s, at .*Z, a worker tries a few jobs\\.");
		assertThat(codes(id)).hasSize(1);
	}

	@Test
	default void itsCircuitBreakerIsProbed() {
		long id = parked();
		long other = fixture().enqueue(job("mail"));
		fixture().settle(fixture().claimOne(), new JobOutcome.Parked(BreakerRow.parking("smtp")));
		open(Duration.ZERO);
		assertThat(first(other).sentence()).contains("its time is over");
		fixture().stores.breakerStore()
			.probe(new ProbeRequest("smtp", ME, 900, Set.of("mail"), (queue) -> true, 1, "node-2"));
		assertThat(first(id).code()).isEqualTo(ReasonCode.RUNNING);
		assertThat(first(other).code()).isEqualTo(ReasonCode.CIRCUIT_HALF_OPEN);
		assertThat(first(other).sentence())
			.isEqualTo("Circuit breaker smtp is half open: worker " + ME + " (node-1, process 42, shop 1.2) "
					+ "tries a few jobs, which decide whether it closes; it began less than a second ago.");
	}

	@Test
	default void somebodyKeepsItsCircuitBreakerOpen() {
		long id = parked();
		operations().setBreaker("smtp", BreakerState.FORCED_OPEN, "maintenance", "ann");
		assertThat(first(id).code()).isEqualTo(ReasonCode.CIRCUIT_FORCED_OPEN);
		assertThat(first(id).sentence()).isEqualTo("Circuit breaker smtp was forced open less than a second ago by "
				+ "ann: maintenance; it stays open until somebody resets it.");
	}

	@Test
	default void itsCircuitBreakerReleasesIt() {
		assertThat(first(parked()).sentence()).isEqualTo(
				"Circuit breaker smtp lets jobs through again: those that waited for it are released within seconds.");
	}

	@Test
	default void itWaitsForWhatALaterReleaseKnows() {
		registerServingDefault();
		long id = fixture().enqueue(job("mail"));
		fixture().sql("update background_job_job set state = 2, blocked_by = 'key:42'").update();
		assertThat(first(id).code()).isEqualTo(ReasonCode.BLOCKED);
		assertThat(first(id).sentence()).isEqualTo("It waits for something that this release does not know: key:42.");
	}

	private long running() {
		registerServingDefault();
		fixture().enqueue(job("mail"));
		long id = fixture().claimOne().id();
		age("claimed_at", id, "'2' minute");
		return id;
	}

	@Test
	default void aWorkerRunsIt() {
		long id = running();
		assertThat(first(id).code()).isEqualTo(ReasonCode.RUNNING);
		assertThat(first(id).sentence()).isEqualTo(
				"The worker " + ME + " (node-1, process 42, shop 1.2) has been running attempt 1 of it for 2 min.");
		operations().requestCancel(new JobId(id));
		assertThat(codes(id)).containsExactly(ReasonCode.RUNNING, ReasonCode.CANCEL_REQUESTED);
	}

	@Test
	default void aWorkerHoldsItAhead() {
		registerServing(ME, new ServedQueue("default", 2, 1));
		report(2, load("default", 2, 12));
		fixture().enqueue(job("mail"));
		long id = fixture().claimOne().id();
		assertThat(first(id).code()).isEqualTo(ReasonCode.HELD_AHEAD);
		assertThat(first(id).sentence()).endsWith("has claimed it less than a second ago and may not have started it: "
				+ "at its last heartbeat 12 jobs of queue default waited there for a slot.");
	}

	@Test
	default void itsWorkerIsSilent() {
		long id = running();
		fixture()
			.sql("update background_job_worker set last_seen_at = clock_timestamp() - interval '20' second, "
					+ "expires_at = clock_timestamp() + interval '10' second")
			.update();
		assertThat(first(id).code()).isEqualTo(ReasonCode.WORKER_SILENT);
		assertThat(first(id).sentence()).contains("has not been heard of for 20 s; its lease ends in 9 s");
	}

	@Test
	default void theLeaseOfItsWorkerHasEnded() {
		long id = running();
		fixture()
			.sql("update background_job_worker set last_seen_at = clock_timestamp() - interval '40' second, "
					+ "expires_at = clock_timestamp() - interval '10' second")
			.update();
		assertThat(first(id).code()).isEqualTo(ReasonCode.WORKER_OVERDUE);
		assertThat(first(id).sentence()).endsWith(
				"was last heard of 40 s ago and its lease has ended: no worker is alive that could free the job.");
		fixture().register(8);
		assertThat(first(id).sentence()).endsWith("its lease has ended: the job is freed within seconds.");
	}

	@Test
	default void itsWorkerWasDeclaredDead() {
		long id = running();
		fixture().sql("update background_job_worker set dead_at = clock_timestamp()").update();
		assertThat(first(id).code()).isEqualTo(ReasonCode.WORKER_DEAD);
		assertThat(first(id).sentence()).endsWith("its jobs are being freed, this one within seconds.");
	}

	@Test
	default void itsWorkerIsNotKnown() {
		long id = running();
		fixture().sql("delete from background_job_worker").update();
		assertThat(first(id).code()).isEqualTo(ReasonCode.WORKER_UNKNOWN);
		assertThat(first(id).sentence()).isEqualTo("Worker " + ME + ", which has held it for 2 min, has no row: "
				+ "maintenance gives it the time of one lease, after which the job is freed.");
	}

	@Test
	default void itIsOver() {
		long succeeded = fixture().enqueue(job("mail"));
		fixture().settle(fixture().claimOne(), new JobOutcome.Succeeded());
		long discarded = fixture().enqueue(later("mail", Duration.ofHours(1)));
		operations().end(new JobId(discarded), WaitingJobEnd.DISCARDED, "not needed (ann)");
		long cancelled = fixture().enqueue(later("mail", Duration.ofHours(1)));
		operations().end(new JobId(cancelled), WaitingJobEnd.CANCELLED, null);
		assertThat(first(succeeded).sentence()).matches("It succeeded at .*Z\\.");
		assertThat(first(discarded).sentence()).matches("It was discarded at .*Z: not needed \\(ann\\)\\.");
		assertThat(first(cancelled).sentence()).matches("It was cancelled at .*Z\\.");
		assertThat(first(succeeded).code()).isEqualTo(ReasonCode.SUCCEEDED);
	}

	@Test
	default void itDied() {
		long id = fixture().enqueue(job("mail"));
		fixture().settle(fixture().claimOne(), new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		assertThat(first(id).code()).isEqualTo(ReasonCode.DEAD);
		assertThat(first(id).sentence()).matches("It died at .*Z, after 1 failed attempt, the last one with "
				+ "java\\.io\\.IOException; it waits as a dead letter to be retried or discarded\\.");
		long again = operations().redrives().redrive(List.of(new JobId(id)), Audit.NONE).get(0).job().value();
		assertThat(first(id).sentence()).endsWith("; it was enqueued again as job " + again + ".");
	}

	@Test
	default void aLifeIsTold() {
		long id = fixture().enqueue(job("mail"));
		fixture().settle(fixture().claimOne(), new JobOutcome.Retried(FAILURE, Duration.ZERO, null));
		fixture().stores.maintenanceStore().promote(10);
		fixture().settle(fixture().claimOne(), new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE));
		JobId again = operations().redrives().redrive(List.of(new JobId(id)), new Audit("ann", null)).get(0).job();
		List<JobMoment> moments = new JobTimeline(operations()).of(new JobId(id));
		assertThat(moments).extracting(JobMoment::kind)
			.containsSubsequence(Kind.ENQUEUED, Kind.FAILED, Kind.STARTED, Kind.FAILED, Kind.DIED, Kind.REDRIVEN);
		assertThat(moments).extracting(JobMoment::at).isSorted();
		assertThat(moments).extracting(JobMoment::text)
			.contains("Enqueued in queue default", "Died (exhausted) after 2 failed attempts",
					"Enqueued again as job " + again + " by ann")
			.anyMatch((text) -> text.startsWith("Attempt 1 failed with java.io.IOException; the next one had failed"));
		assertThat(new JobTimeline(operations()).of(again)).first()
			.extracting(JobMoment::text)
			.isEqualTo("Enqueued in place of dead letter " + id);
	}

	@Test
	default void aLifeIsToldOfWhatIsYetToCome() {
		long id = fixture().enqueue(job("mail"));
		fixture().settle(fixture().claimOne(), new JobOutcome.Retried(FAILURE, Duration.ofHours(2), null));
		List<JobMoment> moments = new JobTimeline(operations()).of(new JobId(id));
		assertThat(moments).extracting(JobMoment::kind).containsExactly(Kind.ENQUEUED, Kind.FAILED, Kind.DUE);
		assertThat(moments.get(1).text()).endsWith("; the next one is due 2 h later");
		assertThat(moments.get(2).text()).isEqualTo("Due for attempt 2");
		assertThat(new JobTimeline(operations()).of(new JobId(parked()))).extracting(JobMoment::kind)
			.contains(Kind.PARKED);
	}

	@Test
	default void whatAWorkerSaysIsReadAsItWasSaid() {
		WorkerDeclaration declaration = new WorkerDeclaration(
				List.of(new ServedQueue("mailers", 3, 2), new ServedQueue("*", 1, 1)), true, 4);
		fixture().stores.workerStore()
			.register(new WorkerRow(ME, "node-1", 42, null, declaration, Set.of("mail")), LEASE);
		WorkerReport report = new WorkerReport(4, 3, 1, true, true, new SettledCounts(1, 2, 3, 4, 5, 6),
				Duration.ofSeconds(59), List.of(load("mailers", 3, 7, 12L, 13L)), load("", 1, 2), Map.of("mailers", 2));
		report(report);
		WorkerInfo worker = operations().workers().get(0);
		assertThat(worker.declaration()).isEqualTo(declaration);
		assertThat(worker.report()).isEqualTo(report);
		assertThat(worker.alive()).isTrue();
		assertThat(worker.takesJobs()).isFalse();
		report((WorkerReport) null);
		assertThat(operations().workers().get(0).report()).isNull();
	}

	@Test
	default void whatAWorkerSaidAndNobodyCanReadIsNotKnown() {
		registerServingDefault();
		for (String damaged : new String[] { "{", "[]", "nonsense", "null" }) {
			fixture().sql("update background_job_worker set report = :text, serves = :text")
				.param("text", damaged)
				.update();
			WorkerInfo worker = operations().workers().get(0);
			assertThat(worker.report()).as(damaged).isNull();
			assertThat(worker.declaration()).as(damaged).isNull();
		}
		fixture().sql("update background_job_worker set report = '{\"queues\":[[],7,[\"a\",-1,{},\"x\",[-4]]]}'")
			.update();
		assertThat(operations().workers().get(0).report()).isNotNull();
		assertThat(first(fixture().enqueue(job("mail"))).code()).isEqualTo(ReasonCode.WORKERS_DO_NOT_TELL);
	}

	@Test
	default void anEarlierReleaseGoesOnWithTheColumnsThatItKnows() {
		fixture().sql(
				"insert into background_job_worker (id, host, pid, expires_at) values (77, 'old', 1, clock_timestamp())")
			.update();
		fixture()
			.sql("update background_job_worker set last_seen_at = clock_timestamp(), "
					+ "expires_at = clock_timestamp() + interval '30' second where id = 77")
			.update();
		WorkerInfo worker = operations().workers().get(0);
		assertThat(worker.alive()).isTrue();
		assertThat(worker.takesJobs()).isTrue();
		assertThat(worker.application()).isNull();
		assertThat(worker.declaration()).isNull();
		assertThat(worker.report()).isNull();
		assertThat(worker.startedAt()).isAfter(Instant.now().minus(1, ChronoUnit.HOURS));
	}

}
