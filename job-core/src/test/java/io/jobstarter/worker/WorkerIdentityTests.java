package io.jobstarter.worker;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WorkerIdentityTests {

	private static final Duration LEASE = Duration.ofMinutes(1);

	private final WorkerIdentity identity = WorkerIdentity.draw(LEASE);

	@Test
	void whatItHoldsStaysItsOwnAsLongAsItsLeaseIsRenewed() {
		this.identity.renewed(System.nanoTime());
		this.identity.renewed(System.nanoTime());
		assertThat(this.identity.tenure()).isZero();
	}

	@Test
	void whatItHeldBeforeItsLeaseEndedIsNotItsOwnAfterARenewal() {
		this.identity.renewed(System.nanoTime() - LEASE.multipliedBy(2).toNanos());
		assertThat(this.identity.isLeased()).isFalse();
		this.identity.renewed(System.nanoTime());
		assertThat(this.identity.isLeased()).isTrue();
		assertThat(this.identity.tenure()).isOne();
	}

}
