package io.jobstarter.worker;

import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimedJob.Fence;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the claims of a node, and clears up after one that had no answer. Such a claim
 * may have been committed all the same, and hold jobs that nobody here knows of.
 */
final class ClaimFences {

	private final ClaimStore store;

	private final Heartbeat heartbeat;

	private final FleetSlots fleet;

	private long claims;

	private volatile @Nullable Fence doubtful;

	private volatile @Nullable Long left;

	ClaimFences(ClaimStore store, Heartbeat heartbeat, FleetSlots fleet) {
		this.store = store;
		this.heartbeat = heartbeat;
		this.fleet = fleet;
	}

	/**
	 * Makes the fence of a claim.
	 * @param identity who claims
	 * @return one that no other claim has
	 */
	Fence next(WorkerIdentity identity) {
		return new Fence(identity.id(), ++this.claims);
	}

	/**
	 * Hears that a claim is sent. Until it is answered, it is in doubt.
	 * @param fence its fence
	 */
	void sent(Fence fence) {
		this.doubtful = fence;
	}

	void answered() {
		this.doubtful = null;
	}

	boolean areInDoubt() {
		return this.doubtful != null;
	}

	/**
	 * Frees the jobs of a claim that had no answer, if there is one. Should it be
	 * committed only later, recovery frees them, for what is claimed from now on is
	 * claimed under another identity.
	 * @return whether there was one
	 */
	boolean settleDoubt() {
		Fence fence = this.doubtful;
		if (fence == null) {
			return false;
		}
		if (this.heartbeat.current().id() == fence.worker()) {
			this.heartbeat.rotate();
		}
		// Before they are freed: until then the jobs of that claim need the slots.
		this.fleet.follow(this.heartbeat.current());
		this.store.release(fence.worker(), fence.claim());
		this.doubtful = null;
		return true;
	}

	/**
	 * Hears that jobs name a worker which that does not know of.
	 * @param worker the worker
	 */
	void leave(long worker) {
		this.left = worker;
	}

	/**
	 * Changes the identity under which jobs are claimed if jobs name it that it does not
	 * know of.
	 */
	void goOnAsAnother() {
		Long worker = this.left;
		if (worker != null) {
			if (worker == this.heartbeat.current().id()) {
				this.heartbeat.rotate();
				this.fleet.follow(this.heartbeat.current());
			}
			this.left = null;
		}
	}

}
