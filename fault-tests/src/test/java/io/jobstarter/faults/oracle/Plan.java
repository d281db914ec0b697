package io.jobstarter.faults.oracle;

import java.util.List;
import java.util.Map;

/**
 * What is enqueued in a run, and what has to come of it.
 *
 * @param before what is enqueued before the first node is killed
 * @param meanwhile what is enqueued while nodes are being killed
 * @param expected the jobs that have to run, by their numbers, follow-ups included
 */
public record Plan(List<Batch> before, List<Batch> meanwhile, Map<Integer, PlannedJob> expected) {

	/** The queues that jobs wait in. */
	public static final List<String> QUEUES = List.of("default", "mail", "bulk");

	public long effects() {
		return this.expected.values().stream().filter(PlannedJob::hasEffect).count();
	}

	/**
	 * What is enqueued in one transaction.
	 *
	 * @param jobs the jobs
	 * @param rolledBack whether the transaction is rolled back in the end
	 */
	public record Batch(List<PlannedJob> jobs, boolean rolledBack) {
	}

}
