package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.DueTime;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.OperationsStore;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.FAILURE;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lists, filters and pages.
 */
interface QueryContract {

	StoreFixture fixture();

	private OperationsStore operations() {
		return fixture().stores.operationsStore();
	}

	private List<JobId> ids(JobFilter filter) {
		return operations().find(filter, null, 100).stream().map(JobInfo::id).toList();
	}

	private JobId settled(JobOutcome outcome) {
		fixture().enqueue(job("mail"));
		ClaimedJob job = fixture().claimOne();
		fixture().settle(job, outcome);
		return new JobId(job.id());
	}

	private JobId dead(DeadReason reason) {
		return settled(new JobOutcome.Dead(reason, FAILURE));
	}

	@Test
	default void pagesRunOverJobsDeadLettersAndHistoryByDescendingId() {
		List<JobId> all = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			all.add(settled(new JobOutcome.Succeeded()));
			all.add(dead(DeadReason.EXHAUSTED));
			all.add(settled(new JobOutcome.Snoozed(new DueTime.In(Duration.ofHours(1)))));
		}
		all.sort(Comparator.reverseOrder());
		List<JobId> read = new ArrayList<>();
		JobId before = null;
		for (int page = 0; page < 3; page++) {
			List<JobInfo> jobs = operations().find(JobFilter.ALL, before, 5);
			assertThat(jobs).hasSize((page < 2) ? 5 : 2);
			jobs.forEach((job) -> read.add(job.id()));
			before = read.get(read.size() - 1);
		}
		assertThat(read).isEqualTo(all);
	}

	@Test
	default void listsByState() {
		JobId succeeded = settled(new JobOutcome.Succeeded());
		JobId cancelled = settled(new JobOutcome.Cancelled());
		JobId discarded = settled(new JobOutcome.Discarded("why", null));
		JobId dead = dead(DeadReason.EXHAUSTED);
		JobId letterDiscarded = dead(DeadReason.EXHAUSTED);
		operations().discardDeadLetter(letterDiscarded, Audit.NONE);
		JobId scheduled = settled(new JobOutcome.Snoozed(new DueTime.In(Duration.ofHours(1))));
		fixture().enqueue(job("mail"));
		JobId running = new JobId(fixture().claimOne().id());
		JobId ready = new JobId(fixture().enqueue(job("mail")));
		JobId blocked = new JobId(fixture().enqueue(job("mail")));
		fixture().sql("update background_job_job set state = 2 where id = :id").param("id", blocked.value()).update();
		assertThat(ids(JobFilter.in(JobState.SUCCEEDED))).containsExactly(succeeded);
		assertThat(ids(JobFilter.in(JobState.CANCELLED))).containsExactly(cancelled);
		assertThat(ids(JobFilter.in(JobState.DISCARDED))).containsExactly(letterDiscarded, discarded);
		assertThat(ids(JobFilter.in(JobState.DEAD))).containsExactly(dead);
		assertThat(ids(JobFilter.in(JobState.SCHEDULED))).containsExactly(scheduled);
		assertThat(ids(JobFilter.in(JobState.RUNNING))).containsExactly(running);
		assertThat(ids(JobFilter.in(JobState.READY))).containsExactly(ready);
		assertThat(ids(JobFilter.in(JobState.BLOCKED))).containsExactly(blocked);
		assertThat(ids(JobFilter.in(JobState.DEAD, JobState.READY))).containsExactly(ready, dead);
		assertThat(ids(JobFilter.ALL)).hasSize(9);
	}

	@Test
	default void listsByNameQueueAndTag() {
		NewJob report = new NewJob("report", "reports", 0, DueTime.NOW, "{}", Map.of(),
				List.of("tenant:1", "tenant:12"), null);
		NewJob mail = new NewJob("mail", "default", 0, DueTime.NOW, "{}", Map.of(), List.of("tenant:12"), null);
		JobId first = new JobId(fixture().enqueue(report));
		JobId second = new JobId(fixture().enqueue(mail));
		JobId third = new JobId(fixture().enqueue(mail));
		fixture().settle(fixture().claimOne(), new JobOutcome.Succeeded());
		assertThat(ids(JobFilter.ALL.withName("report"))).containsExactly(first);
		assertThat(ids(JobFilter.ALL.withName("rep%"))).isEmpty();
		assertThat(ids(JobFilter.ALL.withQueue("default"))).containsExactly(third, second);
		assertThat(ids(JobFilter.ALL.withTag("tenant:1"))).containsExactly(first);
		assertThat(ids(JobFilter.ALL.withTag("tenant:12"))).containsExactly(third, second, first);
		assertThat(ids(JobFilter.ALL.withTag("tenant_12"))).isEmpty();
		assertThat(ids(JobFilter.in(JobState.SUCCEEDED).withTag("tenant:12"))).containsExactly(second);
		assertThat(ids(JobFilter.ALL.withName("'; drop table background_job_job; --"))).isEmpty();
	}

	@Test
	default void listsDeadLettersByReasonAndOpenness() {
		JobId exhausted = dead(DeadReason.EXHAUSTED);
		JobId unreadable = dead(DeadReason.UNREADABLE);
		JobId resolved = dead(DeadReason.EXHAUSTED);
		operations().discardDeadLetter(resolved, Audit.NONE);
		assertThat(letters(DeadLetterFilter.ALL)).containsExactly(resolved, unreadable, exhausted);
		assertThat(letters(DeadLetterFilter.OPEN)).containsExactly(unreadable, exhausted);
		assertThat(letters(new DeadLetterFilter("mail", "default", DeadReason.UNREADABLE, null)))
			.containsExactly(unreadable);
		assertThat(letters(new DeadLetterFilter(null, null, null, false))).containsExactly(resolved);
		assertThat(letters(new DeadLetterFilter("report", null, null, null))).isEmpty();
		assertThat(letters(new DeadLetterFilter(null, "reports", null, null))).isEmpty();
		assertThat(letters(DeadLetterFilter.OPEN.withErrorClass("x.Broken"))).isEmpty();
		assertThat(letters(DeadLetterFilter.OPEN.withTag("tag"))).isEmpty();
		Instant died = operations().deadLetter(unreadable).orElseThrow().diedAt();
		assertThat(letters(DeadLetterFilter.ALL.withDied(died, null))).containsExactly(resolved, unreadable);
		assertThat(letters(DeadLetterFilter.ALL.withDied(null, died))).containsExactly(exhausted);
		assertThat(operations().deadLetters(DeadLetterFilter.ALL, resolved, 1)).extracting(DeadLetter::id)
			.containsExactly(unreadable);
	}

	private List<JobId> letters(DeadLetterFilter filter) {
		return operations().deadLetters(filter, null, 100).stream().map(DeadLetter::id).toList();
	}

}
