package io.jobstarter.store.jdbc;

import java.util.HashSet;
import java.util.Set;

import io.jobstarter.store.Lane;

/**
 * Jobs that waited for a key and are ready again.
 */
final class ReleasedJobs {

	private final Set<Lane> lanes = new HashSet<>();

	private int count;

	private boolean leftToOthers;

	void add(Lane lane) {
		this.lanes.add(lane);
		this.count++;
	}

	void leaveToOthers() {
		this.leftToOthers = true;
	}

	/**
	 * Tells whether there may be jobs to release which this transaction could not.
	 * @return whether there may be
	 */
	boolean isLeftToOthers() {
		return this.leftToOthers;
	}

	Set<Lane> lanes() {
		return this.lanes;
	}

	int count() {
		return this.count;
	}

}
