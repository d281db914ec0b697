package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.jobstarter.support.SupervisedLoop.Condition;

/**
 * How a node's worker does.
 *
 * @param id its present id
 * @param leased whether it holds its lease
 * @param leaseLeft for how long it holds its lease if that is not renewed; zero if it
 * does not
 * @param loops its threads
 * @param slots how many slots it has
 * @param usedSlots how many of them are taken, by queue: by jobs that run, and by those
 * whose outcomes are not written yet; jobs that wait for a slot take none
 * @param entries what it serves
 * @param stuck how many bodies run on although they were interrupted
 * @param announced whether it hears of jobs that other nodes enqueue; if not, it finds
 * them by polling
 */
public record WorkerHealth(long id, boolean leased, Duration leaseLeft, List<Condition> loops, int slots,
		Map<String, Integer> usedSlots, List<Entry> entries, int stuck, boolean announced) {

	/** The health of a worker that does not run. */
	static final WorkerHealth NOT_RUNNING = new WorkerHealth(0, false, Duration.ZERO, List.of(), 0, Map.of(), List.of(),
			0, false);

	/**
	 * Whether it can do its work: its lease is held and none of its threads is dead or
	 * failing.
	 * @return whether it can
	 */
	public boolean isUp() {
		return this.leased && this.loops.stream().allMatch((loop) -> loop.alive() && loop.failuresInARow() == 0);
	}

	/**
	 * A queue that is served, or all queues of a wildcard.
	 *
	 * @param name the queue, or the beginning of the names of queues and an asterisk
	 * @param concurrency how many of its jobs may run at the same time on this node, as
	 * operators have set it or else as it is configured
	 * @param running how many do
	 */
	public record Entry(String name, int concurrency, int running) {
	}

}
