package io.jobstarter.boot4;

import io.jobstarter.autoconfigure.actuate.BackgroundJobHealth;
import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.worker.JobWorker;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells whether this node runs jobs. Not part of liveness: a restart does not mend a
 * database.
 */
class Boot4HealthIndicator extends AbstractHealthIndicator {

	private final JobWorker worker;

	private final MaintenanceRunner maintenance;

	Boot4HealthIndicator(JobWorker worker, MaintenanceRunner maintenance) {
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
