package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.support.SupervisedLoop.Condition;
import io.jobstarter.worker.DeadLetterCallbacks;
import io.jobstarter.worker.JobWorker;

/**
 * The threads of a node that runs jobs.
 */
public final class NodeThreads {

	private final JobWorker worker;

	private final MaintenanceRunner maintenance;

	private final DeadLetterCallbacks callbacks;

	private final Notifications notifications;

	NodeThreads(JobWorker worker, MaintenanceRunner maintenance, DeadLetterCallbacks callbacks,
			Notifications notifications) {
		this.worker = worker;
		this.maintenance = maintenance;
		this.callbacks = callbacks;
		this.notifications = notifications;
	}

	/**
	 * The threads without which jobs do not run as they should.
	 * @return their conditions; those of a worker that does not run are absent
	 */
	public List<Condition> needed() {
		return Stream
			.of(this.worker.health().loops().stream(), this.maintenance.condition().stream(),
					this.callbacks.condition().stream())
			.flatMap((each) -> each)
			.toList();
	}

	/**
	 * The threads that make things faster: without them, nodes poll.
	 * @return their conditions
	 */
	public List<Condition> helpful() {
		return this.notifications.conditions();
	}

	/**
	 * All threads.
	 * @return their conditions
	 */
	public List<Condition> all() {
		return Stream.concat(needed().stream(), helpful().stream()).toList();
	}

}
