package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;

import io.jobstarter.WorkerInfo;
import io.jobstarter.store.WorkerStore.Renewal;
import org.junit.jupiter.api.Test;

import static io.jobstarter.store.jdbc.StoreFixture.HEARTBEAT;
import static io.jobstarter.store.jdbc.StoreFixture.LEASE;
import static io.jobstarter.store.jdbc.StoreFixture.ME;
import static io.jobstarter.store.jdbc.StoreFixture.job;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Leases and the pulse.
 */
interface LeaseContract {

	StoreFixture fixture();

	private Renewal renew(long worker) {
		return fixture().stores.workerStore().renew(worker, LEASE, HEARTBEAT, null);
	}

	private WorkerInfo only() {
		return fixture().stores.operationsStore().workers().get(0);
	}

	private Instant upSince() {
		return fixture().sql("select up_since from background_job_pulse")
			.query((row, number) -> Values.instant(row, "up_since"))
			.single();
	}

	@Test
	default void aRegisteredWorkerIsListedWithAFreshLease() {
		fixture().register(ME);
		WorkerInfo worker = only();
		assertThat(worker.id()).isEqualTo(ME);
		assertThat(worker.host()).isEqualTo("node-1");
		assertThat(worker.pid()).isEqualTo(42);
		assertThat(Duration.between(worker.startedAt(), worker.expiresAt())).isEqualTo(LEASE);
		assertThat(worker.stopping()).isFalse();
		assertThat(worker.dead()).isFalse();
	}

	@Test
	default void registeringAgainRenewsTheLease() {
		fixture().register(ME);
		fixture().expire(ME);
		fixture().register(ME);
		assertThat(only().expiresAt()).isAfter(only().lastSeenAt());
	}

	@Test
	default void aHeartbeatRenewsTheLeaseEvenIfItHadEnded() {
		fixture().register(ME);
		fixture().expire(ME);
		assertThat(renew(ME)).isEqualTo(Renewal.RENEWED);
		assertThat(Duration.between(only().lastSeenAt(), only().expiresAt())).isCloseTo(LEASE, Duration.ofSeconds(1));
	}

	@Test
	default void aWorkerWithoutARowIsMissing() {
		assertThat(renew(ME)).isEqualTo(Renewal.MISSING);
	}

	@Test
	default void aWorkerThatWasDeclaredDeadLearnsItAndStaysDead() {
		fixture().register(ME);
		fixture().enqueue(1, "mail", "default");
		long held = fixture().claimOne().id();
		fixture().expire(ME);
		fixture().whileLocked(held, () -> fixture().stores.maintenanceStore().recover(0, LEASE, 3, 10, (name) -> true));
		assertThat(renew(ME)).isEqualTo(Renewal.DEAD);
		fixture().register(ME);
		assertThat(renew(ME)).isEqualTo(Renewal.DEAD);
		assertThat(only().dead()).isTrue();
	}

	@Test
	default void heartbeatsWithoutAGapKeepThePulse() {
		Instant before = upSince();
		renew(ME);
		assertThat(upSince()).isEqualTo(before);
	}

	@Test
	default void aGapOfTwoHeartbeatsRestartsThePulse() {
		fixture().sql("update background_job_pulse set last_beat = clock_timestamp() - interval '11' second").update();
		Instant before = upSince();
		renew(ME);
		assertThat(upSince()).isAfter(before.plus(Duration.ofMinutes(59)));
	}

	@Test
	default void aBeatInTheFutureRestartsThePulse() {
		fixture().sql("update background_job_pulse set last_beat = clock_timestamp() + interval '11' second").update();
		Instant before = upSince();
		renew(ME);
		assertThat(upSince()).isAfter(before.plus(Duration.ofMinutes(59)));
	}

	@Test
	default void aLeaseDoesNotWaitForThePulse() {
		fixture().register(ME);
		fixture().transaction.executeWithoutResult((status) -> {
			fixture().sql("select id from background_job_pulse for update").query(Long.class).single();
			Threads.inOther(() -> assertThat(renew(ME)).isEqualTo(Renewal.RENEWED));
		});
	}

	@Test
	default void aWorkerLeavesUnlessJobsNameIt() {
		fixture().register(ME);
		fixture().enqueue(job("mail"));
		fixture().claimOne();
		fixture().stores.workerStore().deregister(ME);
		assertThat(fixture().count("worker")).isOne();
		fixture().sql("delete from background_job_job").update();
		fixture().stores.workerStore().deregister(ME);
		assertThat(fixture().count("worker")).isZero();
	}

	@Test
	default void aWorkerThatStopsSaysSo() {
		fixture().register(ME);
		fixture().stores.workerStore().markStopping(ME);
		assertThat(only().stopping()).isTrue();
	}

}
