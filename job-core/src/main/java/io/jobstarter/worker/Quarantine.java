package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps jobs whose workers died twice apart: such a job runs alone on its node, so that a
 * third crash buries none of its neighbours. While one is here the node claims nothing;
 * it starts when the bodies that run have ended, or after one lease if they take longer.
 */
final class Quarantine {

	private static final Log logger = LogFactory.getLog(Quarantine.class);

	private static final int SUSPICIOUS = 2;

	private final RunningJobs running;

	private final Duration patience;

	private final Consumer<RunningJob> starter;

	private final Deque<RunningJob> waiting = new ArrayDeque<>();

	private @Nullable RunningJob alone;

	private long waitingSince;

	Quarantine(RunningJobs running, Duration patience, Consumer<RunningJob> starter) {
		this.running = running;
		this.patience = patience;
		this.starter = starter;
	}

	static boolean suspects(RunningJob job) {
		return job.claimed().crashes() >= SUSPICIOUS;
	}

	synchronized void admit(RunningJob job) {
		logger.warn("Job " + job.claimed().id() + " (" + job.claimed().name() + ") was running when "
				+ job.claimed().crashes() + " workers died: it runs alone on this node");
		if (this.waiting.isEmpty()) {
			this.waitingSince = System.nanoTime();
		}
		this.waiting.add(job);
	}

	/**
	 * Starts the next job if it is its time.
	 * @return whether the node must not claim anything
	 */
	synchronized boolean holdsTheNode() {
		if (this.alone != null) {
			return true;
		}
		if (this.waiting.isEmpty()) {
			return false;
		}
		boolean patienceEnded = System.nanoTime() - this.waitingSince > this.patience.toNanos();
		if (!this.running.anyAlive() || patienceEnded) {
			RunningJob next = this.waiting.remove();
			this.alone = next;
			this.waitingSince = System.nanoTime();
			this.starter.accept(next);
		}
		return true;
	}

	synchronized void ended(RunningJob job) {
		if (this.alone == job) {
			this.alone = null;
		}
	}

	/**
	 * Gives up the jobs that have not started.
	 * @return the jobs
	 */
	synchronized List<RunningJob> abandon() {
		List<RunningJob> left = List.copyOf(this.waiting);
		this.waiting.clear();
		return left;
	}

}
