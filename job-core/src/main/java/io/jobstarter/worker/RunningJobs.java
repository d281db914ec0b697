package io.jobstarter.worker;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The jobs whose bodies run on this node, or are about to.
 */
final class RunningJobs {

	private final Map<Long, RunningJob> jobs = new ConcurrentHashMap<>();

	void add(RunningJob job) {
		this.jobs.put(job.claimed().id(), job);
	}

	void remove(RunningJob job) {
		this.jobs.remove(job.claimed().id(), job);
	}

	boolean contains(long id) {
		return this.jobs.containsKey(id);
	}

	Collection<RunningJob> all() {
		return List.copyOf(this.jobs.values());
	}

	/**
	 * Tells whether a body runs that can be expected to end.
	 * @return whether one does
	 */
	boolean anyAlive() {
		return this.jobs.values().stream().anyMatch((job) -> !job.isStuck());
	}

	/**
	 * Lists the jobs whose bodies end the process or the application that they run in.
	 * Such a body does not end before that has happened.
	 * @param stopper the thread that stops the node
	 * @return the jobs
	 */
	List<RunningJob> endingTheNode(Thread stopper) {
		return this.jobs.values().stream().filter((job) -> job.request().context().isEndingTheNode(stopper)).toList();
	}

	int stuck() {
		return (int) this.jobs.values().stream().filter(RunningJob::isStuck).count();
	}

	int size() {
		return this.jobs.size();
	}

}
