package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.DueTime;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import io.jobstarter.Uniqueness;
import io.jobstarter.store.ClaimStore.Settled;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.MaintenanceStore.RecoveredJob;
import io.jobstarter.store.MaintenanceStore.Recovery;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.store.Settlement;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DuplicateKeyException;

import static io.jobstarter.store.jdbc.StoreFixture.LEASE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static io.jobstarter.store.jdbc.StoreFixture.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Who waits for whom on MariaDB when unique keys are met, at every isolation: whoever
 * waits here longer than a second fails.
 */
@Timeout(60)
class MariaDbUniqueKeyTests {

	private static final String READ_COMMITTED = "TRANSACTION_READ_COMMITTED";

	private static final String REPEATABLE_READ = "TRANSACTION_REPEATABLE_READ";

	private static final String SERIALIZABLE = "TRANSACTION_SERIALIZABLE";

	private static EmbeddedMariaDb server;

	private String url;

	private HikariDataSource pool;

	private StoreFixture fixture;

	@BeforeAll
	static void isInstalled() {
		assumeTrue(EmbeddedMariaDb.isInstalled(), "MariaDB is not installed");
		server = EmbeddedMariaDb.shared();
	}

	@BeforeEach
	void createTables() {
		this.url = server.createDatabase();
		this.pool = open(READ_COMMITTED, "innodb_lock_wait_timeout=1");
		this.fixture = new StoreFixture(this.pool, "background_job_");
		this.fixture.clear();
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	private HikariDataSource open(String isolation, String sessionVariables) {
		return Pools.open(this.url, server.username(), server.password(), (config) -> {
			config.setTransactionIsolation(isolation);
			config.addDataSourceProperty("sessionVariables", sessionVariables);
		});
	}

	/**
	 * Enqueues a job whose key is taken, and does something before that transaction ends.
	 * @param isolation the isolation of both
	 * @param duplicate the job
	 * @param meanwhile what is done with stores of that isolation, in another thread
	 */
	private void whileMet(String isolation, NewJob duplicate, Meanwhile meanwhile) {
		try (HikariDataSource callersPool = open(isolation, "innodb_lock_wait_timeout=1")) {
			StoreFixture callers = new StoreFixture(callersPool, "background_job_");
			callers.transaction.executeWithoutResult((status) -> {
				assertThat(callers.insert(duplicate).get(0).duplicate()).isTrue();
				Threads.inOther(() -> meanwhile.accept(callers));
				callers.enqueue(job("mail"));
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE })
	void aDuplicateKeepsNobodyElseWaiting(String isolation) {
		NewJob met = unique("mail", "met", UniqueUntil.STARTED);
		long holder = this.fixture.enqueue(met);
		long other = this.fixture.enqueue(unique("mail", "other", UniqueUntil.STARTED));
		Set<Long> startable = new HashSet<>(Set.of(other));
		whileMet(isolation, met, (others) -> {
			startable.add(others.enqueue(job("mail")));
			for (int i = 0; i < 50; i++) {
				startable.add(others.enqueue(unique("mail", "another " + i, UniqueUntil.STARTED)));
			}
			assertThat(others.claim(100)).extracting(ClaimedJob::id).containsExactlyInAnyOrderElementsOf(startable);
			assertThat(others.insert(unique("mail", "other", UniqueUntil.STARTED)).get(0).duplicate()).isFalse();
		});
		assertThat(this.fixture.claim(100)).extracting(ClaimedJob::id).contains(holder);
		assertThat(this.fixture.insert(met).get(0).duplicate()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE })
	void whoTakesAKeyThatExpiresKeepsNobodyElseWaiting(String isolation) {
		this.fixture.enqueue(expiring("expired"));
		this.fixture.sql("update background_job_expiring_key set expires_at = clock_timestamp() - interval '1' second")
			.update();
		this.fixture.settle(this.fixture.claimOne(), new JobOutcome.Succeeded());
		try (HikariDataSource callersPool = open(isolation, "innodb_lock_wait_timeout=1")) {
			StoreFixture callers = new StoreFixture(callersPool, "background_job_");
			callers.transaction.executeWithoutResult((status) -> {
				assertThat(callers.insert(expiring("taken")).get(0).duplicate()).isFalse();
				Threads.inOther(() -> {
					assertThat(callers.insert(expiring("another")).get(0).duplicate()).isFalse();
					assertThat(callers.insert(expiring("another")).get(0).duplicate()).isTrue();
					assertThat(this.fixture.claim(10)).hasSize(1);
					assertThat(this.fixture.stores.maintenanceStore().deleteExpiredKeys(10)).isOne();
				});
			});
		}
		assertThat(this.fixture.count("expiring_key")).isEqualTo(2);
	}

	private static NewJob expiring(String key) {
		return new NewJob("mail", "default", 0, DueTime.NOW, "{}", Map.of(), List.of(), null)
			.unique(Uniqueness.of(key).untilExpired(Duration.ofHours(1)).onConflict(UniqueConflict.REPLACE), true);
	}

	@ParameterizedTest
	@ValueSource(strings = { READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE })
	void aJobWhoseKeySomebodyHasJustMetIsSettledLaterThanTheOthers(String isolation) {
		NewJob met = unique("mail", "met", UniqueUntil.FINISHED);
		long holder = this.fixture.enqueue(met);
		this.fixture.enqueue(unique("mail", "other", UniqueUntil.FINISHED));
		this.fixture.enqueue(job("mail"));
		List<Settlement> ends = this.fixture.claim(3)
			.stream()
			.map((job) -> new Settlement(job, new JobOutcome.Succeeded(), null))
			.toList();
		whileMet(isolation, met, (others) -> {
			assertThat(others.settle(true, ends)).containsEntry(holder, Settled.LOCKED)
				.hasSize(3)
				.satisfies((settled) -> assertThat(settled.values()).containsOnlyOnce(Settled.LOCKED));
			assertThat(this.fixture.count("history")).isEqualTo(2);
		});
		assertThat(this.fixture.settle(true, ends)).containsEntry(holder, Settled.DONE);
		assertThat(this.fixture.count("unique_key")).isZero();
		assertThat(this.fixture.insert(met).get(0).duplicate()).isFalse();
	}

	@Test
	void aRetryDoesNotAskForTheKey() {
		NewJob met = unique("mail", "met", UniqueUntil.FINISHED);
		this.fixture.enqueue(met);
		ClaimedJob running = this.fixture.claimOne();
		JobOutcome retried = new JobOutcome.Retried(StoreFixture.FAILURE, Duration.ZERO, null);
		whileMet(REPEATABLE_READ, met, (others) -> assertThat(others.settle(running, retried)).isEqualTo(Settled.DONE));
		assertThat(this.fixture.insert(met).get(0).duplicate()).isTrue();
	}

	@Test
	void recoveryLeavesAJobWhoseKeySomebodyHasJustMetToTheNextTime() {
		NewJob met = unique("mail", "met", UniqueUntil.FINISHED);
		this.fixture.register(ME);
		JobId holder = new JobId(this.fixture.enqueue(met));
		long other = this.fixture.enqueue(job("mail"));
		assertThat(this.fixture.claim(2)).hasSize(2);
		assertThat(this.fixture.stores.operationsStore().requestCancel(holder)).isTrue();
		this.fixture.expire(ME);
		whileMet(REPEATABLE_READ, met, (others) -> {
			Recovery recovery = recover();
			assertThat(recovery.jobs()).extracting(RecoveredJob::id).containsExactly(other);
			assertThat(recovery.complete()).isFalse();
		});
		assertThat(recover().complete()).isTrue();
		assertThat(this.fixture.insert(met).get(0).duplicate()).isFalse();
	}

	private Recovery recover() {
		return this.fixture.stores.maintenanceStore().recover(0, LEASE, 1_000, 10, (name) -> true).orElseThrow();
	}

	@ParameterizedTest
	@ValueSource(strings = { READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE })
	void aHandlersTransactionFreesTheKeyWhenItCommits(String isolation) {
		NewJob keyed = unique("mail", "key", UniqueUntil.FINISHED);
		long id = this.fixture.enqueue(keyed);
		ClaimedJob running = this.fixture.claimOne();
		try (HikariDataSource callersPool = open(isolation, "innodb_lock_wait_timeout=1")) {
			StoreFixture callers = new StoreFixture(callersPool, "background_job_");
			for (boolean rollBack : List.of(true, false)) {
				assertThat(this.fixture.enqueue(keyed)).isEqualTo(id);
				callers.transaction.executeWithoutResult((status) -> {
					assertThat(callers.insert(keyed).get(0).duplicate()).isTrue();
					assertThat(callers.stores.claimStore().completeInCallersTransaction(running, true)).isTrue();
					if (rollBack) {
						status.setRollbackOnly();
					}
				});
			}
		}
		assertThat(this.fixture.insert(keyed).get(0).duplicate()).isFalse();
	}

	@Test
	void anOperatorFreesTheKeyOfAJobThatWaits() {
		for (UniqueUntil until : List.of(UniqueUntil.STARTED, UniqueUntil.FINISHED)) {
			NewJob keyed = unique("mail", "key", until);
			JobId id = new JobId(this.fixture.enqueue(keyed));
			assertThat(this.fixture.stores.operationsStore().end(id, WaitingJobEnd.DISCARDED, null)).isTrue();
			assertThat(this.fixture.count("unique_key")).isZero();
		}
	}

	@Test
	void aKeyThatWasTakenAfterTheCallersSnapshotIsADuplicate() {
		assumeTrue(this.fixture.sql("show variables like 'innodb_snapshot_isolation'")
			.query((row, number) -> 0)
			.list()
			.size() == 1, "This server does not know snapshot isolation");
		NewJob keyed = unique("mail", "key", UniqueUntil.STARTED);
		try (HikariDataSource callersPool = open(REPEATABLE_READ, "innodb_snapshot_isolation=1")) {
			StoreFixture callers = new StoreFixture(callersPool, "background_job_");
			callers.transaction.executeWithoutResult((status) -> {
				callers.enqueue(job("first"));
				assertThat(callers.count("job")).isOne();
				long holder = this.fixture.enqueue(keyed);
				assertThat(callers.count("job")).isOne();
				assertThat(callers.enqueue(keyed)).isEqualTo(holder);
			});
		}
		assertThat(this.fixture.sql("select name from background_job_job").query(String.class).list())
			.containsExactlyInAnyOrder("first", "mail");
	}

	@Test
	void aSecondAttemptUnderTheSameIdIsATypedErrorAndTakesNoKey() {
		NewJob keyed = unique("mail", "key", UniqueUntil.STARTED);
		NewJob reserved = keyed.withId(this.fixture.stores.enqueueStore().reserveIds(1).get(0));
		this.fixture.enqueue(reserved);
		assertThat(this.fixture.claim(1)).hasSize(1);
		this.fixture.transaction.executeWithoutResult((status) -> assertThatExceptionOfType(DuplicateKeyException.class)
			.isThrownBy(() -> this.fixture.enqueue(reserved)));
		assertThat(this.fixture.insert(keyed).get(0).duplicate()).isFalse();
	}

	@Test
	void noIdIsReservedTwiceWhenTheServerCrashes() {
		try (EmbeddedMariaDb own = EmbeddedMariaDb.start();
				HikariDataSource callers = Pools.open(own.createDatabase(), own.username(), own.password())) {
			StoreFixture crashing = new StoreFixture(callers, "background_job_");
			Set<Long> reserved = new HashSet<>();
			for (int round = 1; round <= 3; round++) {
				reserved.addAll(crashing.stores.enqueueStore().reserveIds(1_500));
				own.crash();
				own.restart();
				callers.getHikariPoolMXBean().softEvictConnections();
				assertThat(reserved).hasSize(round * 1_500);
			}
			assertThat(crashing.count("unique_key")).isZero();
		}
	}

	/**
	 * What is done while a transaction is open.
	 */
	private interface Meanwhile {

		void accept(StoreFixture others);

	}

}
