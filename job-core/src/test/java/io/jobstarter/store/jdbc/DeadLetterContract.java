package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterCallback;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterGroup;
import io.jobstarter.DeadLetterNote;
import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.DeadReason;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.store.CallbackStore;
import io.jobstarter.store.CallbackStore.ClaimedCallback;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.Settlement;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of dead letters: groups, notes, and who is told of them.
 */
interface DeadLetterContract {

	Duration LEASE = Duration.ofMinutes(5);

	Set<String> NAMES = Set.of("mail", "report");

	StoreFixture fixture();

	private OperationsStore operations() {
		return fixture().stores.operationsStore();
	}

	private CallbackStore callbacks() {
		return fixture().stores.callbackStore();
	}

	private JobId dead(String name, DeadReason reason, JobFailure failure, boolean callback) {
		fixture().enqueue(job(name));
		ClaimedJob job = fixture().claimOne();
		fixture().settle(true, new Settlement(job, new JobOutcome.Dead(reason, failure), null, callback));
		return new JobId(job.id());
	}

	private JobId dead(String name, JobFailure failure) {
		return dead(name, DeadReason.EXHAUSTED, failure, false);
	}

	private JobId deadWithCallback() {
		return dead("mail", DeadReason.EXHAUSTED, FAILURE, true);
	}

	@Test
	default void lettersKeepTheSpanInWhichTheJobDiedForTheOneInItsPlace() {
		String span = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
		fixture().enqueue(job("mail"));
		ClaimedJob job = fixture().claimOne();
		JobOutcome outcome = new JobOutcome.Dead(DeadReason.EXHAUSTED, FAILURE);
		fixture().settle(true, new Settlement(job, outcome, null, false, span));
		JobId id = new JobId(job.id());
		Map<String, String> headers = new HashMap<>(job.headers());
		headers.put(DeadLetterRedrives.ORIGIN_TRACE_HEADER, span);
		assertThat(letter(id).headers()).isEqualTo(headers);
		operations().redrives().redrive(List.of(id), Audit.NONE);
		assertThat(fixture().claimOne().headers()).containsEntry(DeadLetterRedrives.ORIGIN_TRACE_HEADER, span)
			.containsEntry(DeadLetterRedrives.ORIGIN_HEADER, id.toString());
	}

	private DeadLetter letter(JobId id) {
		return operations().deadLetter(id).orElseThrow();
	}

	private static JobFailure failure(String errorClass, String place) {
		return new JobFailure(errorClass, "of " + place, errorClass + ": \n\tat " + place + "(X.java:1)\n");
	}

	@Test
	default void lettersAreGroupedByNameAndKindOfFailureTheLargestGroupFirst() {
		JobId single = dead("report", failure("x.A", "shop.Mail.send"));
		JobId first = dead("mail", failure("x.A", "shop.Mail.send"));
		dead("mail", failure("x.A", "shop.Mail.read"));
		dead("mail", failure("x.A", "shop.Mail.send"));
		JobId last = dead("mail", failure("x.A", "shop.Mail.send"));
		JobId crash = dead("mail", DeadReason.UNREADABLE, failure("x.B", "shop.Mail.send"), false);
		List<DeadLetterGroup> groups = operations().deadLetterGroups(DeadLetterFilter.OPEN, 10);
		assertThat(groups).extracting(DeadLetterGroup::count).containsExactly(3L, 1L, 1L, 1L);
		DeadLetterGroup largest = groups.get(0);
		assertThat(largest.name()).isEqualTo("mail");
		assertThat(largest.fingerprint()).isEqualTo(letter(first).fingerprint()).matches("[0-9a-f]{16}");
		assertThat(largest.firstDiedAt()).isEqualTo(letter(first).diedAt());
		assertThat(largest.lastDiedAt()).isEqualTo(letter(last).diedAt());
		assertThat(largest.latest()).isEqualTo(last);
		assertThat(largest.errorClass()).isEqualTo("x.A");
		assertThat(largest.message()).isEqualTo("of shop.Mail.send");
		assertThat(groups.get(1).latest()).isEqualTo(crash);
		assertThat(groups.get(1).fingerprint()).isEqualTo("unreadable");
		assertThat(operations().deadLetterGroups(DeadLetterFilter.OPEN.withName("report"), 10))
			.extracting(DeadLetterGroup::latest)
			.containsExactly(single);
		assertThat(operations().deadLetterGroups(DeadLetterFilter.OPEN, 1)).containsExactly(largest);
		assertThat(operations().deadLetters(DeadLetterFilter.OPEN.withFingerprint(largest.fingerprint()), null, 10))
			.extracting(DeadLetter::id)
			.containsExactly(last, new JobId(last.value() - 1), first, single);
	}

	@Test
	default void resolvedLettersLeaveTheirGroup() {
		JobId id = dead("mail", FAILURE);
		operations().discardDeadLetter(id, Audit.NONE);
		assertThat(operations().deadLetterGroups(DeadLetterFilter.OPEN, 10)).isEmpty();
		assertThat(operations().deadLetterGroups(DeadLetterFilter.ALL, 10)).hasSize(1);
	}

	@Test
	default void lettersOfEarlierReleasesGetTheSameFingerprintLater() {
		JobId id = dead("mail", failure("x.A", "shop.Mail.send"));
		JobId crash = dead("mail", DeadReason.CRASH, FAILURE, false);
		String fingerprint = letter(id).fingerprint();
		fixture().sql("update background_job_dead_letter set fingerprint = ''").update();
		assertThat(letter(id).fingerprint()).isEmpty();
		assertThat(fixture().stores.maintenanceStore().fingerprintDeadLetters(1)).isOne();
		assertThat(fixture().stores.maintenanceStore().fingerprintDeadLetters(10)).isOne();
		assertThat(fixture().stores.maintenanceStore().fingerprintDeadLetters(10)).isZero();
		assertThat(letter(id).fingerprint()).isEqualTo(fingerprint);
		assertThat(letter(crash).fingerprint()).isEqualTo("crash");
	}

	@Test
	default void notesAreKeptInTheirOrderAndDeletedWithTheLetter() {
		JobId id = dead("mail", FAILURE);
		JobId other = dead("mail", FAILURE);
		assertThat(operations().addNote(id, "alice", "looking into it")).isTrue();
		assertThat(operations().addNote(id, null, "it's the \"host\"")).isTrue();
		assertThat(operations().addNote(other, "bob", "same here")).isTrue();
		assertThat(operations().addNote(new JobId(Long.MAX_VALUE), "alice", "nothing")).isFalse();
		List<DeadLetterNote> notes = operations().notes(id, 10);
		assertThat(notes).extracting(DeadLetterNote::text).containsExactly("looking into it", "it's the \"host\"");
		assertThat(notes).extracting(DeadLetterNote::author).containsExactly("alice", null);
		assertThat(notes.get(0).at()).isBetween(letter(id).diedAt(), notes.get(1).at());
		assertThat(operations().notes(id, 1)).containsExactly(notes.get(1));
		operations().discardDeadLetter(id, Audit.NONE);
		fixture()
			.sql("update background_job_dead_letter set resolved_at = clock_timestamp() - interval '91' day "
					+ "where resolved_at is not null")
			.update();
		fixture().stores.maintenanceStore().deleteResolvedDeadLetters(Duration.ofDays(90), 10);
		assertThat(operations().notes(id, 10)).isEmpty();
		assertThat(operations().notes(other, 10)).hasSize(1);
	}

	@Test
	default void aHandlerIsToldOfALetterByOneCallerOnly() {
		JobId id = deadWithCallback();
		dead("mail", FAILURE);
		assertThat(letter(id).callback().state()).isEqualTo(DeadLetterCallback.State.PENDING);
		assertThat(callbacks().claim(Set.of("report"), LEASE, 10)).isEmpty();
		List<ClaimedCallback> claimed = callbacks().claim(NAMES, LEASE, 10);
		assertThat(claimed).extracting((callback) -> callback.letter().id()).containsExactly(id);
		assertThat(claimed.get(0).tries()).isOne();
		assertThat(callbacks().claim(NAMES, LEASE, 10)).isEmpty();
		callbacks().done(claimed.get(0));
		DeadLetterCallback done = letter(id).callback();
		assertThat(done.state()).isEqualTo(DeadLetterCallback.State.DONE);
		assertThat(done.endedAt()).isAfterOrEqualTo(letter(id).diedAt());
		assertThat(done.error()).isNull();
	}

	@Test
	default void aCallThatFailedIsRepeatedAndAtLastGivenUp() {
		JobId id = deadWithCallback();
		callbacks().retry(callbacks().claim(NAMES, LEASE, 1).get(0), "the first", Duration.ofHours(1));
		assertThat(callbacks().claim(NAMES, LEASE, 1)).isEmpty();
		assertThat(letter(id).callback())
			.isEqualTo(new DeadLetterCallback(DeadLetterCallback.State.PENDING, 1, null, "the first"));
		callbackIsDue();
		ClaimedCallback second = callbacks().claim(NAMES, LEASE, 1).get(0);
		assertThat(second.tries()).isEqualTo(2);
		callbacks().giveUp(second, "the second");
		assertThat(callbacks().claim(NAMES, LEASE, 1)).isEmpty();
		assertThat(letter(id).callback().state()).isEqualTo(DeadLetterCallback.State.FAILED);
		assertThat(letter(id).callback().error()).isEqualTo("the second");
		assertThat(letter(id).isOpen()).isTrue();
	}

	@Test
	default void aCallThatWasReleasedDoesNotCount() {
		deadWithCallback();
		callbacks().release(callbacks().claim(NAMES, LEASE, 1).get(0));
		assertThat(callbacks().claim(NAMES, LEASE, 1).get(0).tries()).isOne();
	}

	@Test
	default void aCallerWhoseLeaseHasEndedWritesNothing() {
		JobId id = deadWithCallback();
		ClaimedCallback late = callbacks().claim(NAMES, LEASE, 1).get(0);
		callbackIsDue();
		ClaimedCallback next = callbacks().claim(NAMES, LEASE, 1).get(0);
		callbacks().done(late);
		callbacks().giveUp(late, "late");
		callbacks().retry(late, "late", Duration.ZERO);
		callbacks().release(late);
		assertThat(letter(id).callback())
			.isEqualTo(new DeadLetterCallback(DeadLetterCallback.State.PENDING, 2, null, null));
		callbacks().done(next);
		assertThat(letter(id).callback().state()).isEqualTo(DeadLetterCallback.State.DONE);
	}

	@Test
	default void aLetterThatWasRetriedIsNotToldOfButOneThatWasDiscardedIs() {
		JobId retried = deadWithCallback();
		JobId discarded = deadWithCallback();
		operations().redrives().redrive(List.of(retried), Audit.NONE);
		operations().discardDeadLetter(discarded, Audit.NONE);
		assertThat(letter(retried).callback()).isNull();
		assertThat(callbacks().claim(NAMES, LEASE, 10)).extracting((callback) -> callback.letter().id())
			.containsExactly(discarded);
	}

	@Test
	default void theLongestDueIsToldFirst() {
		JobId first = deadWithCallback();
		JobId second = deadWithCallback();
		fixture()
			.sql("update background_job_dead_letter set callback_due = clock_timestamp() - interval '1' hour "
					+ "where job_id = :id")
			.param("id", second.value())
			.update();
		assertThat(callbacks().claim(NAMES, LEASE, 1)).extracting((callback) -> callback.letter().id())
			.containsExactly(second);
		assertThat(callbacks().claim(NAMES, LEASE, 1)).extracting((callback) -> callback.letter().id())
			.containsExactly(first);
	}

	private void callbackIsDue() {
		fixture().sql("update background_job_dead_letter set callback_due = clock_timestamp() - interval '1' second")
			.update();
	}

	@Test
	default void lettersAreFilteredByTheTimeOfDeath() {
		JobId id = dead("mail", FAILURE);
		Instant died = letter(id).diedAt();
		assertThat(operations().deadLetterGroups(DeadLetterFilter.OPEN.withDied(died, died.plusSeconds(1)), 10))
			.hasSize(1);
		assertThat(operations().deadLetterGroups(DeadLetterFilter.OPEN.withDied(null, died), 10)).isEmpty();
	}

}
