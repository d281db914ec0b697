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

	void add(Lane lane) {
		this.lanes.add(lane);
		this.count++;
	}

	Set<Lane> lanes() {
		return this.lanes;
	}

	int count() {
		return this.count;
	}

}
