package io.jobstarter.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.jobstarter.maintenance.MaintenanceRunner;
import io.jobstarter.support.SupervisedLoop.Condition;
import io.jobstarter.worker.JobWorker;
import io.jobstarter.worker.WorkerHealth;

/**
 * Whether this node runs jobs, in no version's own words: Spring Boot 4 has moved the
 * types of its health indicators.
 *
 * @param up whether the lease is held, and each of the node's threads lives and does what
 * it should
 * @param details what the answer is made of, by the name under which it is shown
 */
public record BackgroundJobHealth(boolean up, Map<String, Object> details) {

	/** The answer where the question itself failed. */
	public static final String FAILED = "Background jobs health check failed";

	/**
	 * Looks at a node. Does no I/O.
	 * @param worker the worker of this node
	 * @param maintenance the periodic duties of this node
	 * @return how they are
	 */
	public static BackgroundJobHealth of(JobWorker worker, MaintenanceRunner maintenance) {
		WorkerHealth health = worker.health();
		boolean maintained = maintenance.condition().filter(BackgroundJobHealth::isWell).isPresent();
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("worker", health.id());
		details.put("leaseHeld", health.leased());
		details.put("slots", health.slots());
		details.put("usedSlots", health.usedSlots());
		details.put("stuck", health.stuck());
		details.put("wakeUp", health.announced() ? "announced" : "polling");
		details.put("loops",
				health.loops().stream().collect(Collectors.toMap(Condition::name, BackgroundJobHealth::describe)));
		maintenance.condition().ifPresent((condition) -> details.put("maintenance", describe(condition)));
		return new BackgroundJobHealth(health.isUp() && maintained, details);
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
