package io.jobstarter.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import io.jobstarter.BreakerInfo;
import io.jobstarter.JobId;
import io.jobstarter.JobRate;
import io.jobstarter.JobState;
import io.jobstarter.WorkerInfo;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known of a job that waits or runs, to tell why it does not run or end.
 * Each call is one statement or a few, in the transaction of the calling thread, and none
 * reads more than a bounded number of jobs.
 */
public interface SituationStore {

	/**
	 * Finds a job that waits or runs.
	 * @param id the job's id
	 * @return the job, or empty if it is over, or never was
	 */
	Optional<PresentJob> job(JobId id);

	/**
	 * Finds what operators have set of a queue.
	 * @param queue the queue's name
	 * @return what is set
	 */
	Optional<QueueSetting> queue(String queue);

	/**
	 * Lists the workers.
	 * @param jobName the name of a job
	 * @return the workers, and which of them can run jobs of that name
	 */
	List<KnownWorker> workers(String jobName);

	/**
	 * Finds a circuit breaker, without counting what waits for it.
	 * @param name its name
	 * @return the breaker, whose {@code parked} is 0, or empty if nothing is known of it
	 */
	Optional<BreakerInfo> breaker(String name);

	/**
	 * Looks whether a job holds the unique key that it was enqueued with.
	 * @param id its id
	 * @param key the key
	 * @return the key, or empty if it was freed
	 */
	Optional<HeldKey> heldKey(JobId id, UniqueKey key);

	/**
	 * A unique key that a job holds.
	 *
	 * @param duplicates how many enqueues have met it, where the database counts them
	 */
	record HeldKey(int duplicates) {
	}

	/**
	 * Reads how the slots of queues are divided that are bounded over all nodes.
	 * @param names queues and wildcards, at least one
	 * @return each of them
	 */
	List<FleetQueue> fleet(Collection<String> names);

	/**
	 * Counts the ready jobs that are claimed before one.
	 * @param job the job, which is ready
	 * @param limit how many to count at most
	 * @return how many go before it
	 */
	Ahead ahead(PresentJob job, int limit);

	/**
	 * Reads the rates that a job may have to wait for.
	 * @param job the job
	 * @return of a blocked one, the rate of what it waits for; else those of entries that
	 * its queue may belong to
	 */
	List<RateUse> rates(PresentJob job);

	/**
	 * Counts the jobs that wait for the same as a blocked job and go before it.
	 * @param job the job
	 * @param limit how many to count at most of those that have waited before, and of the
	 * others
	 * @return how many go before it
	 */
	int waitingBefore(PresentJob job, int limit);

	/**
	 * Looks up jobs that workers said they run.
	 * @param ids their ids
	 * @return those that are still held, the oldest first
	 */
	List<HeldJob> held(Collection<JobId> ids);

	/**
	 * A job that waits or runs.
	 *
	 * @param id its id
	 * @param name its name
	 * @param lane its lane
	 * @param position its position in it
	 * @param state where it stands
	 * @param worker who holds it
	 * @param claimedAt since when
	 * @param attempts how many attempts have failed
	 * @param crashes how many workers died while they ran it
	 * @param cancelRequested whether somebody wants it cancelled
	 * @param enqueuedAt when it was enqueued
	 * @param dueAt when it is or was due
	 * @param reason why it is blocked, or was put off
	 * @param now the time, by the clock of the database
	 * @param heartbeats when the last heartbeat of any worker arrived
	 */
	record PresentJob(JobId id, String name, Lane lane, long position, JobState state, @Nullable Long worker,
			@Nullable Instant claimedAt, int attempts, int crashes, boolean cancelRequested, Instant enqueuedAt,
			Instant dueAt, @Nullable String reason, Instant now, Instant heartbeats) {
	}

	/**
	 * What operators have set of a queue.
	 *
	 * @param pausedAt since when it is paused, or {@code null} if it is not
	 * @param pauseReason why
	 * @param pausedBy who did it
	 * @param concurrency how many of its jobs a node runs, if that is set
	 */
	record QueueSetting(@Nullable Instant pausedAt, @Nullable String pauseReason, @Nullable String pausedBy,
			@Nullable Integer concurrency) {

		/** Nothing. */
		public static final QueueSetting NONE = new QueueSetting(null, null, null, null);

	}

	/**
	 * A worker.
	 *
	 * @param info what is known of it
	 * @param knowsName whether it can run jobs of the name that was asked for, or
	 * {@code null} if it did not say so
	 */
	record KnownWorker(WorkerInfo info, @Nullable Boolean knowsName) {
	}

	/**
	 * How many go before a job.
	 *
	 * @param higherPriority of higher priority
	 * @param cameBack of its priority, that came back
	 * @param earlier in its own lane
	 * @param limit how many were counted of each at most
	 * @param overtaking how many of those of a higher priority became due after it
	 */
	record Ahead(int higherPriority, int cameBack, int earlier, int limit, int overtaking) {

		/**
		 * Makes what is ahead of a job that none overtakes.
		 * @param higherPriority how many have a higher priority
		 * @param cameBack how many came back
		 * @param earlier how many were there before
		 * @param limit how many were counted of each at most
		 */
		public Ahead(int higherPriority, int cameBack, int earlier, int limit) {
			this(higherPriority, cameBack, earlier, limit, 0);
		}

		/**
		 * Adds them up.
		 * @return all of them
		 */
		public int total() {
			return this.higherPriority + this.cameBack + this.earlier;
		}

		/**
		 * Tells whether there may be more.
		 * @return whether not all were counted
		 */
		public boolean isMore() {
			return Math.max(this.higherPriority, Math.max(this.cameBack, this.earlier)) >= this.limit;
		}

	}

	/**
	 * A rate as it stands.
	 *
	 * @param name the entry of queues, or the limit and its key
	 * @param rate the rate, as whoever took permits last had it
	 * @param free how many permits are free
	 * @param nextPermitAt when the next one is, or {@code null} if some are
	 */
	record RateUse(String name, JobRate rate, int free, @Nullable Instant nextPermitAt) {
	}

	/**
	 * A job that a worker holds.
	 *
	 * @param id its id
	 * @param name its name
	 * @param queue its queue
	 * @param worker who holds it
	 * @param claimedAt since when
	 */
	record HeldJob(JobId id, String name, String queue, long worker, Instant claimedAt) {
	}

}
