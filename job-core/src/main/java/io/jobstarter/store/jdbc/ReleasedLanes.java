package io.jobstarter.store.jdbc;

import java.util.Collection;

import io.jobstarter.store.Lane;
import io.jobstarter.store.WakeUp;

/**
 * Tells workers of lanes that received jobs which waited for a key. Without anybody to
 * tell, they find them when they poll.
 */
final class ReleasedLanes {

	private volatile WakeUp wakeUp = (lane) -> {
	};

	void announceTo(WakeUp wakeUp) {
		this.wakeUp = wakeUp;
	}

	/**
	 * Tells of lanes, after the commit.
	 * @param lanes the lanes
	 */
	void announce(Collection<Lane> lanes) {
		lanes.forEach(this.wakeUp::ready);
	}

}
