package io.jobstarter.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.jobstarter.AttemptFailure;
import io.jobstarter.Audit;
import io.jobstarter.BreakerInfo;
import io.jobstarter.BreakerState;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterGroup;
import io.jobstarter.DeadLetterNote;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.QueueInfo;
import io.jobstarter.WorkerInfo;
import org.jspecify.annotations.Nullable;

/**
 * The operators' statements, in the transaction of the calling thread. Changes are
 * compare-and-set: they report whether the job was in a state that they apply to.
 */
public interface OperationsStore {

	/**
	 * Tells whether the calling thread is in a transaction of this database, whoever
	 * began it.
	 * @return whether what is changed now is part of it
	 */
	boolean isInTransaction();

	/**
	 * Finds a job in the job table, then the dead letters, then the history.
	 * @param id the job's id
	 * @return the job, or empty
	 */
	Optional<JobInfo> find(JobId id);

	/**
	 * Lists jobs by descending id, over job table, dead letters and history as the
	 * filter's states ask for.
	 * @param filter which ones
	 * @param before only smaller ids, or {@code null}
	 * @param limit how many at most
	 * @return the jobs
	 */
	List<JobInfo> find(JobFilter filter, @Nullable JobId before, int limit);

	/**
	 * Lists the latest failures of a job, oldest first.
	 * @param id the job's id
	 * @param limit how many at most
	 * @return the failures
	 */
	List<AttemptFailure> failures(JobId id, int limit);

	/**
	 * Finds a dead letter.
	 * @param id the job's id
	 * @return the dead letter, or empty
	 */
	Optional<DeadLetter> deadLetter(JobId id);

	/**
	 * Lists dead letters by descending job id.
	 * @param filter which ones
	 * @param before only smaller ids, or {@code null}
	 * @param limit how many at most
	 * @return the dead letters
	 */
	List<DeadLetter> deadLetters(DeadLetterFilter filter, @Nullable JobId before, int limit);

	/**
	 * Groups dead letters by job name and fingerprint, the largest group first.
	 * @param filter which ones
	 * @param limit how many groups at most
	 * @return the groups
	 */
	List<DeadLetterGroup> deadLetterGroups(DeadLetterFilter filter, int limit);

	/**
	 * Adds a note to a dead letter.
	 * @param id the id of the job that died
	 * @param author who writes it, or {@code null}
	 * @param text the note
	 * @return whether there is such a letter
	 */
	boolean addNote(JobId id, @Nullable String author, String text);

	/**
	 * Lists the latest notes of a dead letter, oldest first.
	 * @param id the id of the job that died
	 * @param limit how many at most
	 * @return the notes
	 */
	List<DeadLetterNote> notes(JobId id, int limit);

	/**
	 * Makes a waiting job ready now, at the end of its lane.
	 * @param id the job's id
	 * @return its lane, or empty if it does not wait
	 */
	Optional<Lane> runNow(JobId id);

	/**
	 * Makes a waiting job due at another time.
	 * @param id the job's id
	 * @param at when
	 * @return its lane, or empty if it does not wait
	 */
	Optional<Lane> reschedule(JobId id, Instant at);

	/**
	 * Ends a waiting job, with an entry in the history.
	 * @param id the job's id
	 * @param end how it ends
	 * @param reason why, or {@code null}
	 * @return whether it waited
	 */
	boolean end(JobId id, WaitingJobEnd end, @Nullable String reason);

	/**
	 * Notes that a running job is to be cancelled.
	 * @param id the job's id
	 * @return whether it runs
	 */
	boolean requestCancel(JobId id);

	/**
	 * The statements that redrive dead letters.
	 * @return the statements, in the same transaction as these
	 */
	RedriveStore redrives();

	/**
	 * Resolves an open dead letter as discarded.
	 * @param id the id of the job that died
	 * @param audit who does it, and why
	 * @return whether there was one
	 */
	boolean discardDeadLetter(JobId id, Audit audit);

	/**
	 * Lists the queues that hold jobs, are paused, or have a concurrency of their own.
	 * Depths beyond a bound are estimated.
	 * @return the queues, by name
	 */
	List<QueueInfo> queues();

	/**
	 * Like {@link #queues()}, with every job counted.
	 * @return the queues, by name
	 */
	List<QueueInfo> countQueues();

	/**
	 * Pauses a queue; if it is paused already, only who says so and why changes.
	 * @param queue the queue
	 * @param audit who does it, and why
	 */
	void pause(String queue, Audit audit);

	/**
	 * Resumes a queue.
	 * @param queue the queue
	 * @return whether it was paused
	 */
	boolean resume(String queue);

	/**
	 * Sets how many jobs of a queue a node runs at the same time.
	 * @param queue the queue
	 * @param concurrency how many
	 */
	void setConcurrency(String queue, int concurrency);

	/**
	 * Leaves that to the configuration of each node again.
	 * @param queue the queue
	 * @return whether it had been set
	 */
	boolean resetConcurrency(String queue);

	/**
	 * Lists the circuit breakers of which anything is known, and what waits for them.
	 * @return the breakers, by name
	 */
	List<BreakerInfo> breakers();

	/**
	 * Sets a circuit breaker, whatever it is.
	 * @param breaker its name
	 * @param state what it is from now on: {@link BreakerState#CLOSED} or forced
	 * @param reason why, or {@code null}
	 * @param by who says so
	 * @return whether it was in another state
	 */
	boolean setBreaker(String breaker, BreakerState state, @Nullable String reason, String by);

	/**
	 * Lists the workers.
	 * @return the workers, oldest first
	 */
	List<WorkerInfo> workers();

	/**
	 * What is to be seen and set of keys.
	 * @return the statements, in the same transaction as these
	 */
	LimitStore limits();

	/**
	 * What tells why a job does not run.
	 * @return the statements, in the same transaction as these
	 */
	SituationStore situations();

	/**
	 * How a waiting job can end.
	 */
	enum WaitingJobEnd {

		CANCELLED, DISCARDED

	}

}
