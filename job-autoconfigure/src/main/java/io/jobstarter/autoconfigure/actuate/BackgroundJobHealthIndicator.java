package io.jobstarter.autoconfigure.actuate;

import java.util.stream.Collectors;

import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.support.SupervisedLoop.Condition;
import io.jobstarter.worker.JobWorker;
import io.jobstarter.worker.WorkerHealth;

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
		super("Background jobs health check failed");
		this.worker = worker;
		this.maintenance = maintenance;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		WorkerHealth health = this.worker.health();
		boolean maintained = this.maintenance.condition().filter(BackgroundJobHealthIndicator::isWell).isPresent();
		builder.status((health.isUp() && maintained) ? "UP" : "DOWN")
			.withDetail("worker", health.id())
			.withDetail("leaseHeld", health.leased())
			.withDetail("slots", health.slots())
			.withDetail("usedSlots", health.usedSlots())
			.withDetail("stuck", health.stuck())
			.withDetail("loops",
					health.loops()
						.stream()
						.collect(Collectors.toMap(Condition::name, BackgroundJobHealthIndicator::describe)));
		this.maintenance.condition().ifPresent((condition) -> builder.withDetail("maintenance", describe(condition)));
	}

	private static boolean isWell(Condition condition) {
		return condition.alive() && condition.failuresInARow() == 0;
	}

	// Not the error's message: it may hold what only operators should see.
	private static String describe(Condition condition) {
		if (!condition.alive()) {
			return "dead";
		}
		return (condition.failuresInARow() == 0) ? "well" : "failing, " + condition.failuresInARow() + " in a row";
	}

}
