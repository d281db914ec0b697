package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import io.jobstarter.Audit;
import io.jobstarter.DeadReason;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.Misfire;
import io.jobstarter.Overlap;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringEvent;
import io.jobstarter.RecurringFire;
import io.jobstarter.RecurringJob;
import io.jobstarter.RecurringRun;
import io.jobstarter.RecurringSource;
import io.jobstarter.Uniqueness;
import io.jobstarter.schedule.FireRecurringJobs;
import io.jobstarter.schedule.Schedules;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.RecurringSteps.Declared;
import io.jobstarter.store.RedrivenLetter;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.support.SafeEvents;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.springframework.dao.DuplicateKeyException;

/**
 * Recurring jobs: each instant fires once, whoever looks, and nothing old fires.
 */
interface RecurringContract {

	Duration AN_HOUR = Duration.ofHours(1);

	StoreFixture fixture();

	private static RecurringDefinition hourly(String id, Misfire misfire, Overlap overlap) {
		return new RecurringDefinition(id, "every hour", "UTC", "mail", "{\"to\":\"all\"}", "default", 3, "a test",
				misfire, overlap, Duration.ZERO, null);
	}

	private void make(RecurringDefinition definition) {
		assertThat(fixture().stores.recurringStore().put(definition, new Schedules())).isTrue();
	}

	/**
	 * Lets time have passed: the next fire was so long ago.
	 * @param id the recurring job
	 * @param seconds how long ago
	 */
	private void wasDue(String id, long seconds) {
		fixture()
			.sql("update background_job_recurring set next_fire_at = clock_timestamp() - interval '" + seconds
					+ "' second where id = :id")
			.param("id", id)
			.update();
	}

	private List<RecurringEvent> fire() {
		return fire(UnaryOperator.identity());
	}

	private List<RecurringEvent> fire(UnaryOperator<NewJob> rules) {
		return fire(rules, true);
	}

	private List<RecurringEvent> fire(UnaryOperator<NewJob> rules, boolean knowsHandler) {
		List<RecurringEvent> events = new CopyOnWriteArrayList<>();
		SafeEvents publisher = new SafeEvents((event) -> {
			if (event instanceof RecurringEvent recurring) {
				events.add(recurring);
			}
		});
		new FireRecurringJobs(fixture().stores.recurringSteps(), new Schedules(), new WakeUpHub(), publisher, rules,
				(name) -> knowsHandler)
			.run();
		return events;
	}

	private RecurringJob find(String id) {
		return fixture().stores.recurringStore().find(id).orElseThrow();
	}

	private RecurringRun lastRun(String id) {
		RecurringRun last = find(id).last();
		assertThat(last).isNotNull();
		return last;
	}

	@Test
	default void firesOnceHoweverManyNodesSeeThatItIsDue() throws Exception {
		make(hourly("many", Misfire.ONCE, Overlap.ALLOW));
		wasDue("many", 1);
		List<Thread> nodes = new ArrayList<>();
		List<RecurringEvent> events = new CopyOnWriteArrayList<>();
		for (int i = 0; i < 8; i++) {
			nodes.add(new Thread(() -> events.addAll(fire())));
		}
		nodes.forEach(Thread::start);
		for (Thread node : nodes) {
			node.join();
		}
		assertThat(events).hasSize(1);
		assertThat(fixture().count("job")).isEqualTo(1);
		assertThat(fixture().count("recurring_fire")).isEqualTo(1);
	}

	// It does not know the keys of its jobs either.
	@Test
	default void aNodeThatDoesNotKnowTheHandlerLeavesAFireToOthersFirst() {
		make(hourly("unknown", Misfire.ONCE, Overlap.ALLOW));
		wasDue("unknown", 2);
		assertThat(fire(UnaryOperator.identity(), false)).isEmpty();
		assertThat(fixture().count("job")).isZero();
		wasDue("unknown", 11);
		assertThat(fire(UnaryOperator.identity(), false)).hasSize(1);
	}

	@Test
	default void aFireWhoseUniqueKeyIsHeldIsSkipped() {
		UnaryOperator<NewJob> unique = (job) -> job.unique(Uniqueness.ofPayload(), true);
		make(hourly("unique", Misfire.ONCE, Overlap.ALLOW));
		wasDue("unique", 1);
		assertThat(fire(unique)).hasOnlyElementsOfType(RecurringEvent.Fired.class).hasSize(1);
		fixture().sql("delete from background_job_recurring_fire").update();
		wasDue("unique", 1);
		assertThat(fire(unique)).hasOnlyElementsOfType(RecurringEvent.Skipped.class).hasSize(1);
		assertThat(fixture().count("job")).isOne();
		JobId holder = fixture().stores.recurringStore().runNow("unique", unique).orElseThrow().job();
		assertThat(fixture().row(holder.value()).get("name")).isEqualTo("mail");
		assertThat(fixture().count("job")).isOne();
	}

	@Test
	default void aFireThatIsNotedHasNoSecondJob() {
		make(hourly("again", Misfire.ONCE, Overlap.ALLOW));
		wasDue("again", 1);
		assertThat(fire()).hasSize(1);
		// As if the clock of the database had been set back.
		fixture().sql("update background_job_recurring set next_fire_at = last_fire_at where id = 'again'").update();
		assertThat(fire()).isEmpty();
		assertThat(fixture().count("job")).isEqualTo(1);
		assertThat(find("again").nextFireAt()).isAfter(lastRun("again").fireAt());
		assertThatExceptionOfType(DuplicateKeyException.class).isThrownBy(() -> fixture()
			.sql("insert into background_job_recurring_fire" + " (recurring_id, fire_at, outcome, noted_at)"
					+ " select recurring_id, fire_at, 'ENQUEUED', noted_at from background_job_recurring_fire")
			.update());
	}

	@Test
	default void itsJobIsAsDeclaredAndTellsOfTheFire() {
		make(hourly("as-declared", Misfire.ONCE, Overlap.ALLOW));
		wasDue("as-declared", 1);
		Instant at = find("as-declared").nextFireAt();
		fire();
		JobInfo job = fixture().stores.operationsStore().find(lastRun("as-declared").job()).orElseThrow();
		assertThat(job.name()).isEqualTo("mail");
		assertThat(job.queue()).isEqualTo("default");
		assertThat(job.priority()).isEqualTo(3);
		assertThat(job.payload()).isEqualTo("{\"to\":\"all\"}");
		assertThat(RecurringFire.of(job.headers())).isEqualTo(new RecurringFire("as-declared", at));
	}

	@Test
	default void tellsWhatBecameOfTheLastJob() {
		make(hourly("told", Misfire.ONCE, Overlap.ALLOW));
		assertThat(find("told").last()).isNull();
		wasDue("told", 1);
		fire();
		assertThat(lastRun("told").state()).isEqualTo(JobState.READY);
		ClaimedJob claimed = fixture().claimOne();
		assertThat(lastRun("told").state()).isEqualTo(JobState.RUNNING);
		fixture().settle(claimed, new JobOutcome.Succeeded());
		assertThat(lastRun("told").state()).isEqualTo(JobState.SUCCEEDED);
		assertThat(lastRun("told").duration()).isNotNull().isGreaterThanOrEqualTo(Duration.ZERO);
	}

	@Test
	default void missedFiresFollowTheMisfirePolicy() {
		for (Misfire misfire : Misfire.values()) {
			make(hourly(misfire.name(), misfire, Overlap.ALLOW));
			// Four at least: this one and the full hours since.
			wasDue(misfire.name(), AN_HOUR.multipliedBy(3).plusMinutes(30).toSeconds());
		}
		fire();
		long enqueued = jobsOf("ALL");
		assertThat(enqueued).isBetween(4L, 5L);
		assertThat(find("ALL").missed()).isZero();
		assertThat(jobsOf("ONCE")).isEqualTo(1);
		assertThat(find("ONCE").missed()).isEqualTo(enqueued - 1);
		assertThat(jobsOf("SKIP") + find("SKIP").missed()).isEqualTo(enqueued);
		assertThat(jobsOf("SKIP")).isLessThanOrEqualTo(1);
		assertThat(List.of("ALL", "ONCE", "SKIP"))
			.allSatisfy((id) -> assertThat(find(id).nextFireAt()).isAfter(fixture().stores.recurringStore().now()));
	}

	private long jobsOf(String id) {
		return fixture()
			.sql("select count(*) from background_job_recurring_fire where recurring_id = :id and job_id is not null")
			.param("id", id)
			.query(Long.class)
			.single();
	}

	@Test
	default void aSkippedOverlapIsNotedWithoutAJob() {
		make(hourly("skips", Misfire.ONCE, Overlap.SKIP));
		wasDue("skips", 2);
		fire();
		JobId first = lastRun("skips").job();
		wasDue("skips", 1);
		assertThat(fire()).singleElement().isInstanceOf(RecurringEvent.Skipped.class);
		assertThat(fixture().count("job")).isEqualTo(1);
		assertThat(fixture().count("recurring_fire")).isEqualTo(2);
		assertThat(lastRun("skips").job()).isEqualTo(first);
		fixture().settle(fixture().claimOne(), new JobOutcome.Succeeded());
		wasDue("skips", 0);
		assertThat(fire()).singleElement().isInstanceOf(RecurringEvent.Fired.class);
	}

	@Test
	default void aQueuedOverlapWaitsForThePreviousJob() {
		make(hourly("queues", Misfire.ALL, Overlap.QUEUE));
		wasDue("queues", AN_HOUR.toSeconds() + 1);
		Instant first = find("queues").nextFireAt();
		assertThat(fire()).hasSize(1);
		assertThat(fire()).isEmpty();
		assertThat(lastRun("queues").fireAt()).isEqualTo(first);
		assertThat(find("queues").nextFireAt()).isBefore(fixture().stores.recurringStore().now());
		fixture().settle(fixture().claimOne(), new JobOutcome.Succeeded());
		assertThat(fire()).hasSize(1);
		assertThat(find("queues").missed()).isZero();
	}

	@Test
	default void aCancellingOverlapEndsThePreviousJob() {
		make(hourly("cancels", Misfire.ONCE, Overlap.CANCEL_RUNNING));
		wasDue("cancels", 3);
		fire();
		JobId waiting = lastRun("cancels").job();
		wasDue("cancels", 2);
		fire();
		JobId running = lastRun("cancels").job();
		assertThat(fixture().stores.operationsStore().find(waiting).orElseThrow().state())
			.isEqualTo(JobState.CANCELLED);
		fixture().claimOne();
		wasDue("cancels", 1);
		fire();
		assertThat(fixture().row(running.value())).containsEntry("cancel_requested", true);
		assertThat(lastRun("cancels").job()).isNotEqualTo(running);
	}

	@Test
	default void whatWasEnqueuedInPlaceOfADeadPreviousJobIsThePreviousJob() {
		make(hourly("skips", Misfire.ONCE, Overlap.SKIP));
		wasDue("skips", 2);
		fire();
		dieAndRedrive(dieAndRedrive(lastRun("skips").job()));
		wasDue("skips", 1);
		assertThat(fire()).singleElement().isInstanceOf(RecurringEvent.Skipped.class);
	}

	@Test
	default void whatWasEnqueuedInPlaceOfADeadPreviousJobIsCancelledInItsPlace() {
		make(hourly("cancels", Misfire.ONCE, Overlap.CANCEL_RUNNING));
		wasDue("cancels", 2);
		fire();
		JobId redriven = dieAndRedrive(lastRun("cancels").job());
		wasDue("cancels", 1);
		assertThat(fire()).singleElement().isInstanceOf(RecurringEvent.Fired.class);
		assertThat(fixture().stores.operationsStore().find(redriven).orElseThrow().state())
			.isEqualTo(JobState.CANCELLED);
	}

	private JobId dieAndRedrive(JobId job) {
		ClaimedJob claimed = fixture().claimOne();
		assertThat(claimed.id()).isEqualTo(job.value());
		fixture().settle(claimed,
				new JobOutcome.Dead(DeadReason.EXHAUSTED, new JobFailure("java.io.IOException", "no", "at Mail")));
		RedrivenLetter letter = fixture().stores.operationsStore().redrives().redrive(List.of(job), Audit.NONE).get(0);
		return letter.job();
	}

	@Test
	default void aPausedOneFiresNothingAndGoesOnFromItsResumption() {
		make(hourly("paused", Misfire.ALL, Overlap.ALLOW));
		assertThat(fixture().stores.recurringStore().pause("paused", new Audit("alice", "too loud"))).isTrue();
		wasDue("paused", AN_HOUR.multipliedBy(2).toSeconds());
		assertThat(fire()).isEmpty();
		assertThat(find("paused").pause()).isNotNull().satisfies((pause) -> {
			assertThat(pause.by()).isEqualTo("alice");
			assertThat(pause.reason()).isEqualTo("too loud");
		});
		assertThat(fixture().stores.recurringStore().resume("paused", new Schedules())).isTrue();
		assertThat(fire()).isEmpty();
		assertThat(find("paused").missed()).isZero();
		assertThat(find("paused").nextFireAt()).isAfter(fixture().stores.recurringStore().now());
		assertThat(fixture().stores.recurringStore().resume("paused", new Schedules())).isFalse();
	}

	@Test
	default void oneThatIsDeletedAndMadeAgainFiresNothingOld() {
		RecurringDefinition definition = hourly("made-again", Misfire.ALL, Overlap.ALLOW);
		make(definition);
		wasDue("made-again", AN_HOUR.multipliedBy(5).toSeconds());
		assertThat(fixture().stores.recurringStore().remove("made-again")).isTrue();
		assertThat(fixture().stores.recurringStore().find("made-again")).isEmpty();
		make(definition);
		assertThat(fire()).isEmpty();
		assertThat(find("made-again").nextFireAt()).isAfter(fixture().stores.recurringStore().now());
	}

	@Test
	default void aDeclarationChangesTheNextFireOnlyIfItFiresAtOtherTimes() {
		RecurringDefinition definition = hourly("declared", Misfire.ALL, Overlap.ALLOW);
		assertThat(declare(definition)).isEqualTo(Declared.NEW);
		assertThat(declare(definition)).isEqualTo(Declared.SAME);
		wasDue("declared", 100);
		Instant next = find("declared").nextFireAt();
		assertThat(declare(hourly("declared", Misfire.SKIP, Overlap.ALLOW))).isEqualTo(Declared.CHANGED);
		assertThat(find("declared").nextFireAt()).isEqualTo(next);
		assertThat(find("declared").definition().misfire()).isEqualTo(Misfire.SKIP);
		assertThat(declare(new RecurringDefinition("declared", "every 2 hours", "UTC", "mail", "{}", "default", 0, null,
				Misfire.ALL, Overlap.ALLOW, Duration.ZERO, AN_HOUR)))
			.isEqualTo(Declared.CHANGED);
		assertThat(find("declared").nextFireAt()).isAfter(fixture().stores.recurringStore().now());
		assertThat(find("declared").definition().catchUp()).isEqualTo(AN_HOUR);
	}

	private Declared declare(RecurringDefinition definition) {
		return fixture().stores.recurringSteps().declare(definition, RecurringSource.CODE, new Schedules());
	}

	@Test
	default void whatIsDeclaredIsNotChangedAtRunTime() {
		RecurringDefinition definition = hourly("of-code", Misfire.ONCE, Overlap.ALLOW);
		declare(definition);
		assertThat(fixture().stores.recurringStore().put(definition, new Schedules())).isFalse();
		assertThat(fixture().stores.recurringStore().remove("of-code")).isFalse();
		assertThat(find("of-code").source()).isEqualTo(RecurringSource.CODE);
	}

	@Test
	default void oneThatNobodyDeclaresRetiresUnlessNobodyWasThere() {
		declare(hourly("retires", Misfire.ALL, Overlap.ALLOW));
		fixture().sql("update background_job_recurring set declared_at = clock_timestamp() - interval '61' minute")
			.update();
		wasDue("retires", AN_HOUR.multipliedBy(5).toSeconds());
		fixture().sql("update background_job_pulse set up_since = clock_timestamp() - interval '59' minute").update();
		assertThat(fixture().stores.recurringSteps().retire(AN_HOUR)).isEmpty();
		fixture().sql("update background_job_pulse set up_since = clock_timestamp() - interval '90' minute").update();
		assertThat(fixture().stores.recurringSteps().retire(AN_HOUR)).containsExactly("retires");
		assertThat(fire()).isEmpty();
		assertThat(find("retires").retiredAt()).isNotNull();
		assertThat(find("retires").nextFireAt()).isNull();
		assertThat(fixture().stores.recurringSteps().stillDeclared(List.of("retires"))).isEmpty();
		assertThat(declare(hourly("retires", Misfire.ALL, Overlap.ALLOW))).isEqualTo(Declared.NEW);
		assertThat(fire()).isEmpty();
		assertThat(fixture().stores.recurringSteps().stillDeclared(List.of("retires", "unknown")))
			.isEqualTo(Set.of("retires"));
	}

	@Test
	default void whatIsSwitchedOffFiresAgainFromItsNextDeclarationOn() {
		RecurringDefinition definition = hourly("off", Misfire.ALL, Overlap.ALLOW);
		declare(definition);
		make(hourly("dynamic", Misfire.ALL, Overlap.ALLOW));
		assertThat(fixture().stores.recurringSteps().switchOff(List.of("off", "dynamic", "unknown"), "not wanted"))
			.containsExactly("off");
		assertThat(find("off").pause()).isNotNull().extracting(RecurringJob.Pause::reason).isEqualTo("not wanted");
		wasDue("off", AN_HOUR.multipliedBy(5).toSeconds());
		assertThat(fire()).isEmpty();
		// As a node says that has not been configured anew.
		assertThat(fixture().stores.recurringSteps().stillDeclared(List.of("off"))).containsExactly("off");
		assertThat(fire()).isEmpty();
		assertThat(declare(definition)).isEqualTo(Declared.CHANGED);
		assertThat(fire()).isEmpty();
		assertThat(find("off").pause()).isNull();
		assertThat(find("off").nextFireAt()).isAfter(fixture().stores.recurringStore().now());
	}

	@Test
	default void aPauseOfAnOperatorOutlivesDeclarations() {
		RecurringDefinition definition = hourly("paused", Misfire.ALL, Overlap.ALLOW);
		declare(definition);
		fixture().stores.recurringStore().pause("paused", new Audit("alice", "too loud"));
		assertThat(fixture().stores.recurringSteps().switchOff(List.of("paused"), "not wanted")).isEmpty();
		assertThat(declare(definition)).isEqualTo(Declared.SAME);
		assertThat(find("paused").pause()).isNotNull();
	}

	@Test
	default void whatIsRetiredForLongIsDeletedWithItsFires() {
		declare(hourly("long-ago", Misfire.ONCE, Overlap.ALLOW));
		declare(hourly("lately", Misfire.ONCE, Overlap.ALLOW));
		wasDue("long-ago", 1);
		fire();
		retired("long-ago", 25);
		retired("lately", 23);
		assertThat(fixture().stores.recurringSteps().deleteRetired(Duration.ofDays(1))).containsExactly("long-ago");
		assertThat(fixture().count("recurring_fire")).isZero();
		assertThat(fixture().stores.recurringStore().list(null, 10)).extracting(RecurringJob::id)
			.containsExactly("lately");
	}

	private void retired(String id, int hours) {
		fixture()
			.sql("update background_job_recurring set next_fire_at = null,"
					+ " retired_at = clock_timestamp() - interval '" + hours + "' hour where id = :id")
			.param("id", id)
			.update();
	}

	@Test
	default void theManyFiresOfWhatIsDeletedGoInPortions() {
		declare(hourly("busy", Misfire.ONCE, Overlap.ALLOW));
		retired("busy", 25);
		fixture().transaction.executeWithoutResult((status) -> manyFires("busy"));
		assertThat(fixture().stores.recurringSteps().deleteRetired(Duration.ofDays(1))).isEmpty();
		assertThat(fixture().count("recurring_fire")).isEqualTo(8_192 - 5_000);
		assertThat(fixture().stores.recurringSteps().deleteRetired(Duration.ofDays(1))).containsExactly("busy");
	}

	// Twice as many with each statement.
	private void manyFires(String id) {
		fixture()
			.sql("insert into background_job_recurring_fire (recurring_id, fire_at, outcome, noted_at)"
					+ " values (:id, clock_timestamp() - interval '50' hour, 'SKIPPED', clock_timestamp())")
			.param("id", id)
			.update();
		for (int count = 1; count < 8_192; count *= 2) {
			fixture()
				.sql("insert into background_job_recurring_fire (recurring_id, fire_at, outcome, noted_at)"
						+ " select recurring_id, fire_at + interval '" + count + "' second, outcome, noted_at"
						+ " from background_job_recurring_fire")
				.update();
		}
	}

	@Test
	default void jitterPutsTheJobOffAndLeavesTheInstant() {
		make(new RecurringDefinition("jitters", "every hour", "UTC", "mail", "{}", "default", 0, null, Misfire.ONCE,
				Overlap.ALLOW, Duration.ofDays(1), null));
		wasDue("jitters", 1);
		Instant at = find("jitters").nextFireAt();
		fire();
		JobInfo job = fixture().stores.operationsStore().find(lastRun("jitters").job()).orElseThrow();
		assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
		assertThat(job.dueAt()).isBetween(at, at.plus(Duration.ofDays(1)));
		assertThat(lastRun("jitters").fireAt()).isEqualTo(at);
	}

	@Test
	default void runsNowWhateverItsScheduleSays() {
		make(hourly("now", Misfire.ONCE, Overlap.SKIP));
		Instant next = find("now").nextFireAt();
		fixture().stores.recurringStore().runNow("now").orElseThrow();
		fixture().stores.recurringStore().runNow("now").orElseThrow();
		assertThat(fixture().count("job")).isEqualTo(2);
		assertThat(find("now").nextFireAt()).isEqualTo(next);
		assertThat(fixture().stores.recurringStore().runNow("nobody")).isEmpty();
	}

	@Test
	default void aScheduleThatANodeCannotReadIsLeftToOthers() {
		make(hourly("of-tomorrow", Misfire.ONCE, Overlap.ALLOW));
		make(hourly("readable", Misfire.ONCE, Overlap.ALLOW));
		fixture().sql("update background_job_recurring set schedule = 'at full moon' where id = 'of-tomorrow'")
			.update();
		wasDue("of-tomorrow", 1);
		wasDue("readable", 1);
		assertThat(fire()).singleElement().extracting(RecurringEvent::id).isEqualTo("readable");
		assertThat(find("of-tomorrow").last()).isNull();
	}

	@Test
	default void aTransactionThatIsRolledBackMakesNothing() {
		fixture().transaction.executeWithoutResult((status) -> {
			make(hourly("rolled-back", Misfire.ONCE, Overlap.ALLOW));
			status.setRollbackOnly();
		});
		assertThat(fixture().stores.recurringStore().find("rolled-back")).isEmpty();
		assertThat(fixture().stores.recurringStore().list(null, 10)).isEmpty();
	}

}
