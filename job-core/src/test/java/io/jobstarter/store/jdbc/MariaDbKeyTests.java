package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.LimitKey.Kind;
import io.jobstarter.LimitKey;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The permits of keys on MariaDB where a handler's transaction has its default there, a
 * snapshot.
 */
@Timeout(60)
class MariaDbKeyTests {

	private static final LimitKey KEY = LimitKey.of(Kind.CONCURRENCY, "account", "1");

	private static final AtomicLong CLAIMS = new AtomicLong(4_000_000);

	@BeforeAll
	static void isInstalled() {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
	}

	private static HikariDataSource open(boolean snapshotIsolation) {
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		return Pools.open(server.createDatabase(), server.username(), server.password(), (config) -> {
			config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
			config.addDataSourceProperty("sessionVariables",
					"innodb_lock_wait_timeout=1" + (snapshotIsolation ? ",innodb_snapshot_isolation=1" : ""));
		});
	}

	private static Claimed take(StoreFixture fixture) {
		return fixture.stores.claimStore()
			.take(new ClaimRequest(ME, CLAIMS.incrementAndGet(), Set.of("mail"), List.of(fixture.demand("default", 1)),
					1));
	}

	private static boolean knowsSnapshotIsolation() {
		try (HikariDataSource pool = open(false)) {
			return new StoreFixture(pool, "background_job_").sql("show variables like 'innodb_snapshot_isolation'")
				.query((row, number) -> 0)
				.list()
				.size() == 1;
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whoCameToWaitAfterTheHandlersSnapshotGoesOnAtOnce(boolean snapshotIsolation) {
		assumeTrue(!snapshotIsolation || knowsSnapshotIsolation(), "This server does not know snapshot isolation");
		try (HikariDataSource pool = open(snapshotIsolation)) {
			StoreFixture fixture = new StoreFixture(pool, "background_job_");
			fixture.clear();
			AtomicBoolean heard = new AtomicBoolean();
			fixture.stores.keyStore().listen(() -> heard.set(true));
			fixture.enqueue(job("mail").withKeys(List.of(KEY)));
			var running = take(fixture).jobs().get(0);
			fixture.transaction.executeWithoutResult((status) -> {
				assertThat(fixture.count("job")).isOne();
				Threads.inOther(() -> {
					fixture.enqueue(job("mail").withKeys(List.of(KEY)));
					assertThat(take(fixture).blocked()).isOne();
				});
				assertThat(fixture.stores.claimStore().completeInCallersTransaction(running, true)).isTrue();
				assertThat(heard).isFalse();
			});
			assertThat(heard).isTrue();
			assertThat(fixture.stores.keyStore().release(10)).hasSize(1);
			assertThat(take(fixture).jobs()).hasSize(1);
			assertThat(fixture.sql("select running from background_job_key").query(Integer.class).single()).isOne();
		}
	}

}
