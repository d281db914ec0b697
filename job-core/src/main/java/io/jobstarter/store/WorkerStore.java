package io.jobstarter.store;

import java.time.Duration;
import java.util.Set;

import io.jobstarter.WorkerDeclaration;
import io.jobstarter.WorkerReport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the leases of workers. All times are the database's.
 */
public interface WorkerStore {

	/**
	 * Adds a worker with a fresh lease.
	 * @param worker the worker
	 * @param lease how long it lives without a heartbeat
	 */
	void register(WorkerRow worker, Duration lease);

	/**
	 * Renews a worker's lease, if it has not been declared dead, and keeps the pulse: the
	 * record of how long the database has been up without a gap of two heartbeats. The
	 * length of a gap, but for one heartbeat, is added to all leases that ran meanwhile.
	 * @param worker the worker's id
	 * @param lease how long it lives without a heartbeat
	 * @param heartbeat the interval of heartbeats
	 * @param report what it is doing, or {@code null} if it does not say so
	 * @return what came of it
	 */
	Renewal renew(long worker, Duration lease, Duration heartbeat, @Nullable WorkerReport report);

	/**
	 * Notes that a worker is shutting down, so that what it leaves behind is not counted
	 * as crashed.
	 * @param worker the worker's id
	 */
	void markStopping(long worker);

	/**
	 * Removes a worker, unless jobs still name it.
	 * @param worker the worker's id
	 */
	void deregister(long worker);

	/**
	 * What came of a heartbeat.
	 */
	enum Renewal {

		/** The lease runs anew. */
		RENEWED,

		/** The row is gone, nobody was declared dead: register again. */
		MISSING,

		/** The worker was declared dead: its jobs are or will be somebody else's. */
		DEAD

	}

	/**
	 * A worker to register.
	 *
	 * @param id its id, drawn by the client: sequences may repeat after a failover
	 * @param host where it runs
	 * @param pid its process id there
	 * @param application what it belongs to and its version, for people, if it says so
	 * @param declaration what it serves, or {@code null} if it does not say so
	 * @param jobNames the names of the jobs that it can run
	 */
	record WorkerRow(long id, String host, long pid, @Nullable String application,
			@Nullable WorkerDeclaration declaration, Set<String> jobNames) {

		public WorkerRow {
			jobNames = Set.copyOf(jobNames);
		}

		/**
		 * A worker that does not say what it does.
		 * @param id its id
		 * @param host where it runs
		 * @param pid its process id there
		 */
		public WorkerRow(long id, String host, long pid) {
			this(id, host, pid, null, null, Set.of());
		}

	}

}
