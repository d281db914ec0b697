package io.jobstarter.worker;

import java.util.List;
import java.util.Map;

import io.jobstarter.support.SupervisedLoop.Condition;

/**
 * How a node's worker does.
 *
 * @param id its present id
 * @param leased whether it holds its lease
 * @param loops its threads
 * @param slots how many slots it has
 * @param usedSlots how many of them are taken, by queue: by jobs that run, and by those
 * whose outcomes are not written yet; jobs that wait for a slot take none
 * @param stuck how many bodies run on although they were interrupted
 * @param announced whether it hears of jobs that other nodes enqueue; if not, it finds
 * them by polling
 */
public record WorkerHealth(long id, boolean leased, List<Condition> loops, int slots, Map<String, Integer> usedSlots,
		int stuck, boolean announced) {

	/**
	 * Whether it can do its work: its lease is held and none of its threads is dead or
	 * failing.
	 * @return whether it can
	 */
	public boolean isUp() {
		return this.leased && this.loops.stream().allMatch((loop) -> loop.alive() && loop.failuresInARow() == 0);
	}

}
