package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobOutcome;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.Settlement;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several processes on one H2, and pools with defaults of their own.
 */
class H2SessionStoreTests {

	private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";

	static Stream<Named<Consumer<HikariConfig>>> pools() {
		return Stream.of(
				Named.of("serializable", (config) -> config.setTransactionIsolation("TRANSACTION_SERIALIZABLE")),
				Named.of("without auto-commit", (config) -> config.setAutoCommit(false)),
				Named.of("read-only", (config) -> config.setReadOnly(true)));
	}

	@ParameterizedTest
	@MethodSource("pools")
	void jobsAreClaimedAndSettled(Consumer<HikariConfig> customizer) {
		try (HikariDataSource pool = Pools.open(this.url, "sa", "");
				HikariDataSource engine = Pools.open(this.url, "sa", "", customizer)) {
			StoreFixture fixture = new StoreFixture(pool, "background_job_");
			JdbcStores stores = JdbcStores.create(pool, engine, "background_job_");
			fixture.enqueue(2, "mail", "default");
			List<ClaimedJob> jobs = claim(stores, ME, 1, 10);
			assertThat(jobs).hasSize(2);
			assertThat(stores.claimStore()
				.settle(jobs.stream().map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null)).toList(),
						true)
				.values()).containsOnly(Settled.DONE);
			assertThat(fixture.count("history")).isEqualTo(2);
		}
	}

	private static List<ClaimedJob> claim(JdbcStores stores, long worker, long claim, int limit) {
		return stores.claimStore()
			.claim(new ClaimRequest(worker, claim, Set.of("mail"),
					List.of(StoreFixture.demand(new Lane("default", 0, false), limit, 0)), limit));
	}

	@Test
	void processesThatShareNoMutexNeverClaimAJobTwice() {
		try (HikariDataSource pool = Pools.open(this.url, "sa", "")) {
			StoreFixture fixture = new StoreFixture(pool, "background_job_");
			List<Long> ids = fixture.enqueue(1_000, "mail", "default");
			AtomicLong workers = new AtomicLong(ME);
			List<List<Long>> claimed = Threads.together(6, () -> {
				JdbcStores stores = JdbcStores.create(pool, pool, "background_job_");
				long worker = workers.incrementAndGet();
				List<Long> mine = new ArrayList<>();
				for (long claim = 1; !fixture.waitingInOrder().isEmpty(); claim++) {
					claim(stores, worker, claim, 5).forEach((job) -> mine.add(job.id()));
				}
				return mine;
			});
			assertThat(claimed.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(ids);
		}
	}

}
