package io.jobstarter.autoconfigure.actuate;

import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * Tells whether this node runs jobs: its lease is held, and each of its threads lives and
 * does what it should. Not part of liveness: a restart does not mend a database.
 */
public class BackgroundJobHealthIndicator extends AbstractHealthIndicator {

	private final BackgroundJobHealthCheck check;

	/**
	 * Makes the indicator.
	 * @param check looks how the node does
	 */
	public BackgroundJobHealthIndicator(BackgroundJobHealthCheck check) {
		super(BackgroundJobHealth.FAILED);
		this.check = check;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		BackgroundJobHealth health = this.check.check();
		builder.status(health.status()).withDetails(health.details());
	}

}
