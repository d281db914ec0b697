package io.jobstarter.store;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.QueueInfo;
import io.jobstarter.WorkerInfo;

/**
 * What gauges show of the database, on the engine's connections: an application that has
 * used up its own can still be watched. Each call takes a few milliseconds however large
 * the tables are.
 */
public interface MetricsStore {

	/**
	 * Reads what all nodes have in common.
	 * @return the reading
	 */
	FleetReading fleet();

	/**
	 * Tells how many dead letters nobody has retried or discarded, by job name. Beyond
	 * 10,000 in all, the numbers are estimates on PostgreSQL, and elsewhere those of the
	 * 10,000.
	 * @return the numbers; names without open letters are absent
	 */
	Map<String, Long> openDeadLetters();

	/**
	 * Tells how many ready jobs the queues hold, as exactly as {@link #fleet()} does.
	 * @return the numbers; queues without ready jobs are absent
	 */
	Map<String, Long> readyJobs();

	/**
	 * Counts the jobs that this node has ended without their entries in the history.
	 * @return how many there were since the start
	 */
	long historyFailures();

	/**
	 * What all nodes have in common.
	 *
	 * @param queues the queues that hold jobs, are paused, or have a concurrency of their
	 * own
	 * @param parked how many jobs wait, by what they wait for
	 * @param openBreakers the circuit breakers that let no job start, or only probes
	 * @param workers the workers that are alive
	 */
	record FleetReading(List<QueueInfo> queues, Map<String, Long> parked, Set<String> openBreakers,
			List<WorkerInfo> workers) {
	}

}
