package io.jobstarter;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Looks at jobs and changes them: the one door for operators, which Actuator uses too.
 * Every change is a compare-and-set in the caller's transaction, or one of its own where
 * there is none: it either applies to the state that it was meant for or throws. Of each
 * one an {@link OperatorAction} is published after the commit.
 */
public interface JobOperations {

	/**
	 * The most rows that one page holds.
	 */
	int MAX_PAGE_SIZE = 200;

	/**
	 * The most jobs of one queue that a node can be told to run at the same time.
	 */
	int MAX_CONCURRENCY = 10_000;

	/**
	 * Finds a job wherever it is: waiting, running, in the history, or a dead letter.
	 * @param id the job's id
	 * @return the job, or empty
	 */
	Optional<JobInfo> find(JobId id);

	/**
	 * Lists jobs, newest first.
	 * @param filter which ones
	 * @param before only jobs with a smaller id: {@link JobPage#next()} of the page
	 * before, or {@code null} for the first page
	 * @param limit how many at most, 1 to {@value #MAX_PAGE_SIZE}
	 * @return the page
	 */
	JobPage<JobInfo> find(JobFilter filter, @Nullable JobId before, int limit);

	/**
	 * Lists the failed attempts of a job, oldest first. They are kept as long as the job
	 * or its dead letter is, and after that for as long as the history.
	 * @param id the job's id
	 * @return the failures, at most {@value #MAX_PAGE_SIZE} and then the latest
	 */
	List<AttemptFailure> failures(JobId id);

	/**
	 * Answers "Why is this job not running?", from what the database knows and workers
	 * have told with their last heartbeats. Takes up to ten short statements, whatever
	 * the size of the tables.
	 * @param id the job's id
	 * @return the reasons, the most decisive first, or empty if there is no such job
	 */
	Optional<JobDiagnosis> why(JobId id);

	/**
	 * Tells what has happened to a job, from what is stored of it. What leaves no trace,
	 * as snoozes and pauses, is not among it, nor are the beginnings of attempts but the
	 * last.
	 * @param id the job's id
	 * @return what happened and what is to come, in the order of time; empty if there is
	 * no such job
	 */
	List<JobMoment> timeline(JobId id);

	/**
	 * Finds a dead letter.
	 * @param id the id of the job that died
	 * @return the dead letter, resolved or not, or empty
	 */
	Optional<DeadLetter> deadLetter(JobId id);

	/**
	 * Lists dead letters, those of the newest jobs first.
	 * @param filter which ones
	 * @param before only jobs with a smaller id, or {@code null} for the first page
	 * @param limit how many at most, 1 to {@value #MAX_PAGE_SIZE}
	 * @return the page
	 */
	JobPage<DeadLetter> deadLetters(DeadLetterFilter filter, @Nullable JobId before, int limit);

	/**
	 * Groups the open dead letters by job name and kind of failure, the largest group
	 * first.
	 * @param limit how many groups at most, 1 to {@value #MAX_PAGE_SIZE}
	 * @return the groups
	 */
	default List<DeadLetterGroup> deadLetterGroups(int limit) {
		return deadLetterGroups(DeadLetterFilter.OPEN, limit);
	}

	/**
	 * Groups dead letters by job name and kind of failure, the largest group first. Those
	 * of one group are listed by {@link DeadLetterFilter#withName} and
	 * {@link DeadLetterFilter#withFingerprint}.
	 * @param filter which ones
	 * @param limit how many groups at most, 1 to {@value #MAX_PAGE_SIZE}
	 * @return the groups
	 */
	List<DeadLetterGroup> deadLetterGroups(DeadLetterFilter filter, int limit);

	/**
	 * Adds a note to a dead letter, open or not, in the name of the
	 * {@link CurrentOperator}.
	 * @param id the id of the job that died
	 * @param text the note, 1 to 10,000 characters
	 * @throws JobNotFoundException if there is no such dead letter
	 * @throws InvalidJobException if the text is longer, or empty
	 */
	default void addNote(JobId id, String text) {
		addNote(id, text, Audit.NONE);
	}

	/**
	 * Adds a note to a dead letter, open or not.
	 * @param id the id of the job that died
	 * @param text the note, 1 to 10,000 characters
	 * @param author who writes it, at most 200 characters, or {@code null} for whom
	 * {@link CurrentOperator} names
	 * @throws JobNotFoundException if there is no such dead letter
	 * @throws InvalidJobException if the text or the author is longer, or empty
	 */
	default void addNote(JobId id, String text, @Nullable String author) {
		addNote(id, text, new Audit(author, null));
	}

	/**
	 * Like {@link #addNote(JobId, String, String)}.
	 * @param id the id of the job that died
	 * @param text the note, 1 to 10,000 characters
	 * @param audit who writes it
	 * @throws JobNotFoundException if there is no such dead letter
	 * @throws InvalidJobException if the text or the author is longer, or empty
	 */
	void addNote(JobId id, String text, Audit audit);

	/**
	 * Lists the notes of a dead letter, oldest first. They are kept as long as the
	 * letter.
	 * @param id the id of the job that died
	 * @return the notes, at most {@value #MAX_PAGE_SIZE} and then the latest
	 */
	List<DeadLetterNote> notes(JobId id);

	/**
	 * Runs a job now: a waiting one becomes ready at once; of a dead letter a new job is
	 * enqueued, and the letter is resolved as retried.
	 * @param id the job's id
	 * @return the id of the job that will run: the same, or the new one
	 * @throws JobNotFoundException if there is no such job
	 * @throws IllegalJobStateException if it runs, or is over
	 */
	default JobId retry(JobId id) {
		return retry(id, Audit.NONE);
	}

	/**
	 * Like {@link #retry(JobId)}. Who did it and why is kept with a dead letter.
	 * @param id the job's id
	 * @param audit who does it, and why
	 * @return the id of the job that will run: the same, or the new one
	 * @throws JobNotFoundException if there is no such job
	 * @throws IllegalJobStateException if it runs, or is over
	 * @throws InvalidJobException if the audit is longer than it may be
	 */
	JobId retry(JobId id, Audit audit);

	/**
	 * Redrives dead letters: selected ones, by filter, with a corrected payload.
	 * @return what redrives them
	 */
	DeadLetterRedrives redrives();

	/**
	 * Limits of jobs with the same key, and orders: what is set, in use, and waited for.
	 * @return what shows and sets them
	 */
	JobLimits limits();

	/**
	 * Cancels a job. A waiting one is over at once. A running one is asked: its thread is
	 * interrupted by the node that holds it, and it is cancelled if it ends by an
	 * exception; if it returns normally, it has succeeded. An attempt that ends before
	 * its node has heard of it has its own end, but is not made again.
	 * @param id the job's id
	 * @return {@link JobState#CANCELLED}, or {@link JobState#RUNNING} if it was asked
	 * @throws JobNotFoundException if there is no such job
	 * @throws IllegalJobStateException if it is over
	 */
	default JobState cancel(JobId id) {
		return cancel(id, Audit.NONE);
	}

	/**
	 * Like {@link #cancel(JobId)}. Who did it and why is kept in the history of a job
	 * that waited.
	 * @param id the job's id
	 * @param audit who does it, and why
	 * @return {@link JobState#CANCELLED}, or {@link JobState#RUNNING} if it was asked
	 * @throws JobNotFoundException if there is no such job
	 * @throws IllegalJobStateException if it is over
	 * @throws InvalidJobException if the audit is longer than it may be
	 */
	JobState cancel(JobId id, Audit audit);

	/**
	 * Gives a waiting job or a dead letter up, for good.
	 * @param id the job's id
	 * @throws JobNotFoundException if there is no such job
	 * @throws IllegalJobStateException if it runs, or is over
	 */
	default void discard(JobId id) {
		discard(id, Audit.NONE);
	}

	/**
	 * Like {@link #discard(JobId)}. Who did it and why is kept with a dead letter, and as
	 * the reason in the history of a job that waited.
	 * @param id the job's id
	 * @param audit who does it, and why
	 * @throws JobNotFoundException if there is no such job
	 * @throws IllegalJobStateException if it runs, or is over
	 * @throws InvalidJobException if the audit is longer than it may be
	 */
	void discard(JobId id, Audit audit);

	/**
	 * Makes a waiting job due at another time.
	 * @param id the job's id
	 * @param at when; an instant that has passed means now
	 * @throws JobNotFoundException if there is no such job
	 * @throws IllegalJobStateException if it runs, or is over
	 */
	default void reschedule(JobId id, Instant at) {
		reschedule(id, at, Audit.NONE);
	}

	/**
	 * Like {@link #reschedule(JobId, Instant)}.
	 * @param id the job's id
	 * @param at when; an instant that has passed means now
	 * @param audit who does it, and why
	 * @throws JobNotFoundException if there is no such job
	 * @throws IllegalJobStateException if it runs, or is over
	 * @throws InvalidJobException if the audit is longer than it may be
	 */
	void reschedule(JobId id, Instant at, Audit audit);

	/**
	 * Lists the queues that hold jobs, are paused, or have a concurrency that was set
	 * here, with their depths. Costs the same few milliseconds however deep they are:
	 * what is counted is bounded, and what lies beyond is estimated from samples, which
	 * {@link QueueInfo#estimated()} tells.
	 * @return the queues, by name
	 */
	List<QueueInfo> queues();

	/**
	 * Like {@link #queues()}, with every job counted. Reads the whole job table, which
	 * takes seconds for millions of jobs: for those who need the very number.
	 * @return the queues, by name
	 */
	List<QueueInfo> countQueues();

	/**
	 * Lists the queues like {@link #queues()}, with what live workers do for them, as of
	 * their last heartbeats: who serves them, what runs, and how fast they empty.
	 * @return the queues, by name
	 */
	List<QueueStatus> queueStatuses();

	/**
	 * Lets no node start jobs of a queue until it is resumed, from the commit on and
	 * across restarts. Jobs that run are left alone; enqueueing goes on.
	 * @param queue the queue's name
	 * @param reason why, or {@code null}
	 */
	default void pause(String queue, @Nullable String reason) {
		pause(queue, new Audit(null, reason));
	}

	/**
	 * Like {@link #pause(String, String)}.
	 * @param queue the queue's name
	 * @param audit who does it, and why
	 * @throws InvalidJobException if that is no queue's name, or the audit is longer than
	 * it may be
	 */
	void pause(String queue, Audit audit);

	/**
	 * Lets a paused queue run again.
	 * @param queue the queue's name
	 * @return whether it was paused
	 */
	default boolean resume(String queue) {
		return resume(queue, Audit.NONE);
	}

	/**
	 * Like {@link #resume(String)}.
	 * @param queue the queue's name
	 * @param audit who does it, and why
	 * @return whether it was paused
	 * @throws InvalidJobException if the audit is longer than it may be
	 */
	boolean resume(String queue, Audit audit);

	/**
	 * Changes how many jobs of a queue each node that serves it runs at the same time, in
	 * place of {@code background-jobs.queues.<name>.concurrency}. Every node follows
	 * within its poll interval, and it holds across restarts until it is
	 * {@linkplain #resetConcurrency(String) reset}.
	 * {@code background-jobs.worker.concurrency}, where it is set, stays the most that a
	 * node runs over all queues; a queue that a wildcard entry serves stays within the
	 * concurrency of the entry. Jobs that run are left alone.
	 * @param queue the queue's name
	 * @param perNode how many jobs on each node, 1 to {@value #MAX_CONCURRENCY}
	 * @throws InvalidJobException if it is out of that range
	 */
	default void setConcurrency(String queue, int perNode) {
		setConcurrency(queue, perNode, Audit.NONE);
	}

	/**
	 * Like {@link #setConcurrency(String, int)}.
	 * @param queue the queue's name
	 * @param perNode how many jobs on each node, 1 to {@value #MAX_CONCURRENCY}
	 * @param audit who does it, and why
	 * @throws InvalidJobException if it is out of that range, or the audit is longer than
	 * it may be
	 */
	void setConcurrency(String queue, int perNode, Audit audit);

	/**
	 * Lets the configuration of each node say again how many jobs of a queue it runs.
	 * @param queue the queue's name
	 * @return whether another concurrency had been set
	 */
	default boolean resetConcurrency(String queue) {
		return resetConcurrency(queue, Audit.NONE);
	}

	/**
	 * Like {@link #resetConcurrency(String)}.
	 * @param queue the queue's name
	 * @param audit who does it, and why
	 * @return whether another concurrency had been set
	 * @throws InvalidJobException if the audit is longer than it may be
	 */
	boolean resetConcurrency(String queue, Audit audit);

	/**
	 * Changes how many jobs of a queue all nodes together run at the same time, in place
	 * of {@code background-jobs.queues.<name>.max-fleet-concurrency}. Nodes follow within
	 * their poll interval: a higher number holds at once, a lower one as jobs that run
	 * end. It holds across restarts until it is
	 * {@linkplain #resetFleetConcurrency(String) reset}. A queue that a wildcard entry
	 * serves also stays within what the entry is configured to.
	 * @param queue the queue's name
	 * @param overAll how many jobs over all nodes, 1 to {@value #MAX_CONCURRENCY}
	 * @throws InvalidJobException if it is out of that range
	 */
	default void setFleetConcurrency(String queue, int overAll) {
		setFleetConcurrency(queue, overAll, Audit.NONE);
	}

	/**
	 * Like {@link #setFleetConcurrency(String, int)}.
	 * @param queue the queue's name
	 * @param overAll how many jobs over all nodes, 1 to {@value #MAX_CONCURRENCY}
	 * @param audit who does it, and why
	 * @throws InvalidJobException if it is out of that range, or the audit is longer than
	 * it may be
	 */
	void setFleetConcurrency(String queue, int overAll, Audit audit);

	/**
	 * Lets the configuration of the nodes say again how many jobs of a queue all of them
	 * run.
	 * @param queue the queue's name
	 * @return whether another number had been set
	 */
	default boolean resetFleetConcurrency(String queue) {
		return resetFleetConcurrency(queue, Audit.NONE);
	}

	/**
	 * Like {@link #resetFleetConcurrency(String)}.
	 * @param queue the queue's name
	 * @param audit who does it, and why
	 * @return whether another number had been set
	 * @throws InvalidJobException if the audit is longer than it may be
	 */
	boolean resetFleetConcurrency(String queue, Audit audit);

	/**
	 * Lists the circuit breakers that have opened or were set lately, and those that jobs
	 * wait for, of all nodes. Those that were closed for a day are forgotten.
	 * @return the breakers, by name
	 */
	List<BreakerInfo> breakers();

	/**
	 * Lets no node start jobs of a circuit breaker until it is {@linkplain #resetBreaker
	 * reset} or {@linkplain #forceClosed forced closed}: they wait as
	 * {@link JobState#BLOCKED} in their order. Jobs that run are left alone.
	 * @param breaker its name: that of the instance, followed by a colon and the key
	 * where there is one for each key
	 * @param reason why, or {@code null}
	 */
	default void forceOpen(String breaker, @Nullable String reason) {
		forceOpen(breaker, new Audit(null, reason));
	}

	/**
	 * Like {@link #forceOpen(String, String)}.
	 * @param breaker its name
	 * @param audit who does it, and why: shown with the breaker
	 * @throws InvalidJobException if the name or the audit is longer than it may be
	 */
	void forceOpen(String breaker, Audit audit);

	/**
	 * Lets jobs of a circuit breaker start, whatever comes of them, until it is
	 * {@linkplain #resetBreaker reset} or {@linkplain #forceOpen forced open}. Releases
	 * what waits for it.
	 * @param breaker its name
	 * @param reason why, or {@code null}
	 */
	default void forceClosed(String breaker, @Nullable String reason) {
		forceClosed(breaker, new Audit(null, reason));
	}

	/**
	 * Like {@link #forceClosed(String, String)}.
	 * @param breaker its name
	 * @param audit who does it, and why: shown with the breaker
	 * @throws InvalidJobException if the name or the audit is longer than it may be
	 */
	void forceClosed(String breaker, Audit audit);

	/**
	 * Closes a circuit breaker on all nodes, with nothing counted, and releases what
	 * waits for it; from then on it opens and closes by itself.
	 * @param breaker its name
	 * @return whether it was anything but closed
	 */
	default boolean resetBreaker(String breaker) {
		return resetBreaker(breaker, Audit.NONE);
	}

	/**
	 * Like {@link #resetBreaker(String)}.
	 * @param breaker its name
	 * @param audit who does it, and why: shown with the breaker
	 * @return whether it was anything but closed
	 * @throws InvalidJobException if the name or the audit is longer than it may be
	 */
	boolean resetBreaker(String breaker, Audit audit);

	/**
	 * Lists the workers that are alive, or whose jobs are not recovered yet.
	 * @return the workers, oldest first
	 */
	List<WorkerInfo> workers();

	/**
	 * What is enqueued again and again.
	 * @return the operations of recurring jobs
	 */
	RecurringJobs recurring();

}
