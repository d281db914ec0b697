package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.jobstarter.DueTime;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOutcome;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.NewJob;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What no database can store is refused by a typed error, or made storable.
 */
interface HostileInputContract {

	StoreFixture fixture();

	@Test
	default void everyMethodOfTheApiStoresWhatItIsGivenOrSaysThatItCannotBe() {
		HostileCalls calls = new HostileCalls(fixture());
		assertThat(calls.make()).isEmpty();
		assertThat(calls.count()).isGreaterThan(900);
	}

	@Test
	default void aFilterMeansItsCharactersAndNoPattern() {
		NewJob mail = job("mail", "a_b", 0).withShare(3);
		JobId shared = new JobId(fixture().enqueue(mail));
		fixture().enqueue(job("mail", "axb", 0).withShare(3));
		fixture().enqueue(job("mail", "a_b_c", 0).withShare(3));
		JobId tagged = new JobId(
				fixture().enqueue(new NewJob("mail", "default", 0, DueTime.NOW, "{}", Map.of(), List.of("t_1"), null)));
		fixture().enqueue(new NewJob("mail", "default", 0, DueTime.NOW, "{}", Map.of(), List.of("tx1"), null));
		assertThat(ids(JobFilter.ALL.withQueue("a_b"))).containsExactly(shared);
		assertThat(ids(JobFilter.ALL.withTag("t_1"))).containsExactly(tagged);
		for (String pattern : List.of("%", "a%", "___", "!_", "a!_b", "t%", "_")) {
			assertThat(ids(JobFilter.ALL.withQueue(pattern))).isEmpty();
			assertThat(ids(JobFilter.ALL.withTag(pattern))).isEmpty();
			assertThat(ids(JobFilter.ALL.withName(pattern))).isEmpty();
		}
	}

	private List<JobId> ids(JobFilter filter) {
		return fixture().stores.operationsStore().find(filter, null, 100).stream().map(JobInfo::id).toList();
	}

	@Test
	default void aReasonThatCannotBeStoredKeepsNoJobRunning() {
		fixture().enqueue(job("mail"));
		ClaimedJob job = fixture().claimOne();
		String reason = "it\u0000 is\uD800 late" + "\uD83D\uDE00".repeat(6_000);
		assertThat(fixture().settle(job, new JobOutcome.Snoozed(new DueTime.In(Duration.ofHours(1)), reason)))
			.isEqualTo(Settled.DONE);
		Map<String, Object> row = fixture().row(job.id());
		assertThat(row.get("worker")).isNull();
		assertThat(row.get("blocked_by")).asString().startsWith("it\uFFFD is\uFFFD late\uD83D\uDE00");
	}

}
