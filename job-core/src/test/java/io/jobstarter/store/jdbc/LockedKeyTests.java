package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.JobOutcome;
import io.jobstarter.LimitKey.Kind;
import io.jobstarter.LimitKey;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.KeyTerms;
import io.jobstarter.store.Settlement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What goes on while somebody keeps a key locked: a node that has been stopped in the
 * midst of a transaction, or a slow commit of a handler.
 */
class LockedKeyTests {

	private static final AtomicLong CLAIMS = new AtomicLong(5_000_000);

	private final HikariDataSource pool = Pools.open("jdbc:h2:mem:" + UUID.randomUUID() + ";LOCK_TIMEOUT=200", "sa",
			"");

	private final StoreFixture fixture = new StoreFixture(this.pool, "background_job_");

	@AfterEach
	void close() {
		this.pool.close();
	}

	private long enqueue(String... keys) {
		return this.fixture.enqueue(job("mail")
			.withKeys(List.of(keys).stream().map((key) -> LimitKey.of(Kind.CONCURRENCY, "account", key)).toList()));
	}

	private Claimed take() {
		return this.fixture.stores.claimStore()
			.take(new ClaimRequest(ME, CLAIMS.incrementAndGet(), Set.of("mail"),
					List.of(this.fixture.demand("default", 10)), 10,
					new KeyTerms(Map.of("account", 2), Integer.MAX_VALUE)));
	}

	private static List<Long> ids(Claimed claimed) {
		return claimed.jobs().stream().map(ClaimedJob::id).toList();
	}

	private void whileLocked(Runnable action) {
		this.fixture.transaction.executeWithoutResult((status) -> {
			this.fixture.sql("select name from background_job_key where name = 'limit:account:hot' for update")
				.query(String.class)
				.single();
			Threads.inOther(action);
		});
	}

	@Test
	void jobsOfOtherKeysAreClaimedAndThoseOfTheKeyGoOnAfterASweep() {
		this.fixture.clear();
		enqueue("hot");
		take();
		long hot = enqueue("hot");
		long other = enqueue("other");
		long none = enqueue();
		whileLocked(() -> {
			Claimed claimed = take();
			assertThat(ids(claimed)).containsExactly(other, none);
			assertThat(claimed.blocked()).isOne();
			assertThat(this.fixture.stores.keyStore().release(10)).isEmpty();
		});
		assertThat(this.fixture.stores.keyStore().release(10)).hasSize(1);
		assertThat(ids(take())).containsExactly(hot);
	}

	@Test
	void jobsWithoutKeysAreSettled() {
		this.fixture.clear();
		long hot = enqueue("hot");
		long none = enqueue();
		List<Settlement> done = take().jobs()
			.stream()
			.map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null))
			.toList();
		whileLocked(() -> assertThat(this.fixture.settle(true, done))
			.containsExactlyInAnyOrderEntriesOf(Map.of(hot, Settled.LOCKED, none, Settled.DONE)));
		assertThat(this.fixture.settle(true, done.stream().filter((one) -> one.job().id() == hot).toList()))
			.containsEntry(hot, Settled.DONE);
	}

}
