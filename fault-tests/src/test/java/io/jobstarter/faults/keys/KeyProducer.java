package io.jobstarter.faults.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.jobstarter.faults.Keyed;
import io.jobstarter.faults.fleet.FleetDatabase;

/**
 * Enqueues keyed jobs in transactions of some. One thread enqueues all jobs of a key, so
 * that their ids are in the order in which they were planned.
 */
final class KeyProducer {

	private static final int LARGEST_BATCH = 40;

	private final FleetDatabase database;

	private final Random random;

	KeyProducer(FleetDatabase database, long seed) {
		this.database = database;
		this.random = new Random(seed);
	}

	/**
	 * Cuts jobs into those of one transaction each.
	 * @param jobs the jobs
	 * @return the batches, in their order
	 */
	List<List<Keyed>> batches(List<Keyed> jobs) {
		List<List<Keyed>> batches = new ArrayList<>();
		for (int from = 0; from < jobs.size();) {
			int to = Math.min(jobs.size(), from + 1 + this.random.nextInt(LARGEST_BATCH));
			batches.add(List.copyOf(jobs.subList(from, to)));
			from = to;
		}
		return batches;
	}

	void enqueue(List<Keyed> batch) {
		this.database.transaction().executeWithoutResult((status) -> this.database.client().enqueueAll(batch));
	}

}
