package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.store.Lane;

/**
 * Where the lanes began when their depths were read last. While an old snapshot is open,
 * the entries of jobs that are gone stay at the heads of lanes, and reading over a
 * million of them takes a second: a reading begins where the last one found the first
 * job. What was committed below that is found by the next reading from 0, which is every
 * one unless that takes more than a hundredth of the time.
 */
final class LaneHeads {

	private static final int SHARE = 99;

	private static final long LONGEST_PAUSE = Duration.ofMinutes(2).toNanos();

	private Map<Lane, Long> heads = Map.of();

	private long sweptAt;

	private long pause;

	/**
	 * Says where to begin.
	 * @param now the node's own time, in nanoseconds
	 * @return the positions, empty if from 0
	 */
	synchronized Map<Lane, Long> from(long now) {
		return (now - this.sweptAt >= this.pause) ? Map.of() : this.heads;
	}

	/**
	 * Takes note of a reading.
	 * @param from where it began
	 * @param lanes the lanes that it found
	 * @param began when it began
	 * @param ended when it ended
	 */
	synchronized void read(Map<Lane, Long> from, List<Head> lanes, long began, long ended) {
		Map<Lane, Long> heads = new HashMap<>();
		lanes.forEach((head) -> heads.put(head.lane(), head.seq()));
		if (from.isEmpty()) {
			this.sweptAt = ended;
			this.pause = Math.min(LONGEST_PAUSE, SHARE * (ended - began));
		}
		this.heads = heads;
	}

	/**
	 * The first job of a lane.
	 *
	 * @param lane the lane
	 * @param seq its position
	 */
	record Head(Lane lane, long seq) {
	}

}
