package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.JobState;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Settlement;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.PostgresOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left when every process of PostgreSQL is killed. Claims do not wait for the log
 * to be flushed, so some are undone; settlements do.
 */
@Timeout(120)
class PostgresCrashStoreTests {

	private static final int BATCHES = 10;

	private static final int BATCH = 20;

	// The log writer rests for 10 s at most, and a commit that does not wait wakes it
	// only
	// after as many pages. So claims are still in memory when the server is killed.
	private static final PostgresOptions LAZY = PostgresOptions.defaults()
		.withSetting("fsync", "on")
		.withSetting("wal_writer_delay", "10s")
		.withSetting("wal_writer_flush_after", "1GB");

	@Test
	void aCrashUndoesClaimsButNoSettlementAndNoJob() {
		try (EmbeddedPostgres server = EmbeddedPostgres.start(LAZY);
				HikariDataSource pool = Pools.open(server.jdbcUrl(), server.username(), server.password())) {
			StoreFixture fixture = new StoreFixture(pool, "background_job_");
			fixture.enqueue(BATCHES * BATCH, "mail", "default");
			List<ClaimedJob> settled = fixture.claim(BATCH);
			settle(fixture, settled);
			List<ClaimedJob> claimed = Stream.generate(() -> fixture.claim(BATCH))
				.limit(BATCHES - 1)
				.flatMap(List::stream)
				.toList();
			server.crash();
			server.restart();
			pool.getHikariPoolMXBean().softEvictConnections();
			staysSettled(fixture, settled);
			losesNothing(fixture, claimed);
		}
	}

	private static void staysSettled(StoreFixture fixture, List<ClaimedJob> settled) {
		assertThat(fixture.count("history")).isEqualTo(BATCH);
		assertThat(fixture.count("job")).isEqualTo((BATCHES - 1) * BATCH);
		assertThat(settled).allMatch((job) -> state(fixture, job) == JobState.SUCCEEDED);
	}

	private static void losesNothing(StoreFixture fixture, List<ClaimedJob> claimed) {
		List<ClaimedJob> undone = claimed.stream().filter((job) -> state(fixture, job) == JobState.READY).toList();
		assertThat(undone).as("claims that the crash has undone").isNotEmpty();
		List<ClaimedJob> again = fixture.claim(ME, BATCHES * BATCH);
		assertThat(again).extracting(ClaimedJob::id)
			.containsExactlyInAnyOrderElementsOf(undone.stream().map(ClaimedJob::id).toList());
		assertThat(settle(fixture, undone)).as("outcomes of claims that were undone").containsOnly(Settled.LOST);
		assertThat(again).allMatch((job) -> state(fixture, job) == JobState.RUNNING);
		assertThat(settle(fixture, again)).containsOnly(Settled.DONE);
		assertThat(settle(fixture, claimed.stream().filter((job) -> !undone.contains(job)).toList()))
			.allMatch(Settled.DONE::equals);
		assertThat(fixture.count("job")).isZero();
		assertThat(fixture.count("history")).isEqualTo(BATCHES * BATCH);
	}

	private static Collection<Settled> settle(StoreFixture fixture, List<ClaimedJob> jobs) {
		Map<Long, Settled> results = fixture.settle(true,
				jobs.stream().map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null)).toList());
		return results.values();
	}

	private static JobState state(StoreFixture fixture, ClaimedJob job) {
		return fixture.stores.operationsStore().find(new JobId(job.id())).orElseThrow().state();
	}

}
