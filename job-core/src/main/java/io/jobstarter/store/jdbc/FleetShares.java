package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Optional;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimRequest.FleetBound;

/**
 * What a worker has of the slots of queues that are bounded over all nodes, within the
 * transaction of something else. Rows are locked by name, before those of keys and jobs.
 */
final class FleetShares {

	private static final String NAMES = """
			select name from background_job_fleet_slots where worker = :worker order by name
			""";

	private static final String LOCK = """
			select slots from background_job_fleet_slots where name = :name and worker = :worker for update
			""";

	private static final String DELETE = """
			delete from background_job_fleet_slots where name = :name and worker = :worker
			""";

	private final Statements statements;

	FleetShares(Statements statements) {
		this.statements = statements;
	}

	/**
	 * Says how many jobs a claim may take: the worker may have lost its slots since it
	 * asked. None is taken from it before the claim's transaction ends.
	 * @param request the claim
	 * @param limit how many it wants
	 * @param claimed how many it has claimed before
	 * @return how many it may claim
	 */
	int bounded(ClaimRequest request, int limit, int claimed) {
		int bounded = limit;
		for (FleetBound bound : request.fleet()) {
			int slots = lock(bound.name(), request.worker()).orElse(0);
			bounded = Math.min(bounded, slots - bound.held() - claimed);
		}
		return Math.max(0, bounded);
	}

	/**
	 * Keeps a worker from claiming jobs of bounded queues until the transaction ends.
	 * @param worker the worker
	 * @return the queues of which it has slots
	 */
	List<String> lock(long worker) {
		List<String> names = this.statements.of(NAMES).param("worker", worker).query(String.class).list();
		names.forEach((name) -> lock(name, worker));
		return names;
	}

	private Optional<Integer> lock(String name, long worker) {
		return this.statements.of(LOCK).param("name", name).param("worker", worker).query(Integer.class).optional();
	}

	/**
	 * Frees the slots of a worker that holds no jobs.
	 * @param names the queues
	 * @param worker the worker
	 */
	void free(List<String> names, long worker) {
		names.forEach((name) -> this.statements.of(DELETE).param("name", name).param("worker", worker).update());
	}

}
