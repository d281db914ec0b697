package io.jobstarter.boot4;

import io.jobstarter.autoconfigure.actuate.BackgroundJobHealth;
import io.jobstarter.autoconfigure.actuate.BackgroundJobHealthCheck;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells whether this node runs jobs. Not part of liveness: a restart does not mend a
 * database.
 */
class Boot4HealthIndicator extends AbstractHealthIndicator {

	private final BackgroundJobHealthCheck check;

	Boot4HealthIndicator(BackgroundJobHealthCheck check) {
		super(BackgroundJobHealth.FAILED);
		this.check = check;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		BackgroundJobHealth health = this.check.check();
		builder.status(health.status()).withDetails(health.details());
	}

}
