package io.jobstarter.autoconfigure.actuate;

import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.worker.JobWorker;

import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * Tells whether this node runs jobs: its lease is held, and each of its threads lives and
 * does what it should. Not part of liveness: a restart does not mend a database.
 */
public class BackgroundJobHealthIndicator extends AbstractHealthIndicator {

	private final JobWorker worker;

	private final MaintenanceRunner maintenance;

	/**
	 * Makes the indicator.
	 * @param worker the worker of this node
	 * @param maintenance the periodic duties of this node
	 */
	public BackgroundJobHealthIndicator(JobWorker worker, MaintenanceRunner maintenance) {
		super(BackgroundJobHealth.FAILED);
		this.worker = worker;
		this.maintenance = maintenance;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		BackgroundJobHealth health = BackgroundJobHealth.of(this.worker, this.maintenance);
		builder.status(health.up() ? "UP" : "DOWN").withDetails(health.details());
	}

}
