package io.jobstarter.worker;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.Lane;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps jobs whose workers died twice apart: such a suspect runs alone on its node, so
 * that a third crash takes no neighbour along. A node that meets one while other bodies
 * run gives it back and claims nothing until those have ended, or for one lease if they
 * take longer; then it claims single jobs from where suspects wait for as long as it
 * finds some. A suspect that waited here, claimed but not started, would be counted as
 * crashed when the node dies of another.
 */
final class Quarantine {

	private static final Log logger = LogFactory.getLog(Quarantine.class);

	private static final int SUSPICIOUS = 2;

	private final RunningJobs running;

	private final Duration patience;

	private final Set<Lane> lanes = new HashSet<>();

	private boolean active;

	private long activeSince;

	private @Nullable RunningJob alone;

	Quarantine(RunningJobs running, Duration patience) {
		this.running = running;
		this.patience = patience;
	}

	static boolean suspects(RunningJob job) {
		return job.claimed().crashes() >= SUSPICIOUS;
	}

	/**
	 * Says how many jobs the node may claim, as far as suspects are concerned.
	 * @return 0 while a suspect runs or is to run next, 1 when its time has come, else as
	 * many as there are slots
	 */
	synchronized int allowance() {
		if (this.alone != null) {
			return 0;
		}
		if (!this.active) {
			return Integer.MAX_VALUE;
		}
		return isTimeForSuspects() ? 1 : 0;
	}

	/**
	 * Tells whether nothing else is claimed, since a suspect runs or is to run.
	 * @return whether the node keeps its slots for suspects
	 */
	synchronized boolean reservesSlots() {
		return this.active || this.alone != null;
	}

	/**
	 * Tells whether suspects are to be claimed next, and nothing else.
	 * @return whether they are
	 */
	synchronized boolean isActive() {
		return this.active;
	}

	/**
	 * Lists the queues in which suspects wait.
	 * @return the queues, by name
	 */
	synchronized List<String> queues() {
		return this.lanes.stream().map(Lane::queue).distinct().sorted().toList();
	}

	/**
	 * Says where the suspects of a queue wait.
	 * @param queue the queue
	 * @return the starts of their lanes, the highest priority first
	 */
	synchronized List<LaneStart> starts(String queue) {
		return this.lanes.stream()
			.filter((lane) -> lane.queue().equals(queue))
			.sorted(Comparator.comparingInt(Lane::priority).reversed())
			.map((lane) -> new LaneStart(lane, 0))
			.toList();
	}

	/**
	 * Notes that suspects were met which cannot run now: they are given back.
	 * @param suspects the suspects
	 */
	synchronized void enter(List<RunningJob> suspects) {
		suspects.forEach((job) -> this.lanes.add(job.frontLane()));
		if (!this.active) {
			this.active = true;
			this.activeSince = System.nanoTime();
		}
	}

	/**
	 * Notes that a claim brought no suspect.
	 */
	synchronized void leave() {
		this.active = false;
		this.lanes.clear();
	}

	/**
	 * Lets a suspect run if nothing runs beside it.
	 * @param job the suspect, the only job that was claimed
	 * @return whether it may start
	 */
	synchronized boolean admit(RunningJob job) {
		if (this.alone != null || !isTimeForSuspects()) {
			return false;
		}
		logger.warn("Job " + job.claimed().id() + " (" + job.claimed().name() + ") was running when "
				+ job.claimed().crashes() + " workers died: it runs alone on this node");
		enter(List.of(job));
		this.alone = job;
		return true;
	}

	synchronized void ended(RunningJob job) {
		if (this.alone == job) {
			this.alone = null;
			this.activeSince = System.nanoTime();
		}
	}

	private boolean isTimeForSuspects() {
		boolean patienceEnded = this.active && System.nanoTime() - this.activeSince > this.patience.toNanos();
		return patienceEnded || !this.running.anyAlive();
	}

}
