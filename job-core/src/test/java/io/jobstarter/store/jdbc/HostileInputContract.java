package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.Map;

import io.jobstarter.DueTime;
import io.jobstarter.JobOutcome;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
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
