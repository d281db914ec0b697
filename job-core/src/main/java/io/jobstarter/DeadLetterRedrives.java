package io.jobstarter;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Enqueues new jobs in place of dead letters: of some that are named, at once, or of all
 * that a filter meets, by and by. However many people redrive a letter, it becomes one
 * job. The new job has the letter's name, queue, priority, payload, headers and tags, and
 * a header that names the letter ({@link #ORIGIN_HEADER}); the letter is resolved as
 * retried and names the job. It asks for its unique key again: where another job holds
 * that, none is enqueued, and the letter is resolved in favour of that one.
 * <p>
 * Changes are part of the caller's transaction, or one of their own where there is none.
 */
public interface DeadLetterRedrives {

	/**
	 * The header of a redriven job that holds the id of the job that died. Read by
	 * {@link JobAttempt#redriveOf()} and {@link JobInfo#redriveOf()}.
	 */
	String ORIGIN_HEADER = "background-jobs-redrive-of";

	/**
	 * The header of a dead letter, and of the job that is enqueued in its place, that
	 * tells the span of the attempt in which the job died, in W3C's form of a
	 * {@code traceparent}. Where the application traces, attempts at the new job are
	 * linked to it.
	 */
	String ORIGIN_TRACE_HEADER = "background-jobs-died-in";

	/**
	 * The most letters that one call redrives by their ids.
	 */
	int MAX_SELECTED = 1_000;

	/**
	 * Redrives letters that were selected, at once.
	 * @param ids the ids of the jobs that died, at most {@value #MAX_SELECTED}
	 * @param audit who does it, and why: kept with each letter
	 * @return what became of each, in the order given, each id once
	 * @throws InvalidJobException if there are too many, or the audit is longer than it
	 * may be
	 */
	List<RedriveResult> redrive(Collection<JobId> ids, Audit audit);

	/**
	 * Redrives a letter with another payload. The letter keeps the original, and the
	 * corrected one beside it.
	 * @param id the id of the job that died
	 * @param payload the corrected payload, as it is stored
	 * @param audit who does it, and why: kept with the letter
	 * @return the id of the new job
	 * @throws JobNotFoundException if there is no such job
	 * @throws IllegalJobStateException if it is not an open dead letter
	 * @throws InvalidPayloadException if it is larger than a payload may be, or this node
	 * knows the job's handler and its type cannot be read from it
	 */
	JobId redriveCorrected(JobId id, String payload, Audit audit);

	/**
	 * Counts the open letters that a redrive by this filter would take now. Reads all of
	 * them.
	 * @param filter which ones
	 * @return how many
	 * @throws InvalidJobException if the filter asks for letters that are resolved
	 */
	long count(DeadLetterFilter filter);

	/**
	 * Begins a redrive by filter. It goes on by itself, on any node that runs jobs and
	 * across restarts, from 10 seconds after the commit at the latest. It takes the
	 * letters that are open now, in the order of their ids, and none of jobs that die
	 * later: one that it has redriven and that dies again is left alone.
	 * @param request which letters, how fast, and behind which canary
	 * @param audit who does it, and why: kept with the redrive and each letter
	 * @return the redrive's id
	 * @throws InvalidJobException if the filter asks for letters that are resolved, or
	 * the audit is longer than it may be
	 */
	long start(RedriveRequest request, Audit audit);

	/**
	 * Finds a redrive by filter.
	 * @param id its id
	 * @return how it stands, or empty if there is none, or it ended longer ago than
	 * {@code background-jobs.dead-letters.retention}
	 */
	Optional<RedriveInfo> find(long id);

	/**
	 * Lists redrives by filter, newest first.
	 * @param before only those with smaller ids, or {@code null}
	 * @param limit how many at most, 1 to {@value JobOperations#MAX_PAGE_SIZE}
	 * @return the redrives
	 */
	List<RedriveInfo> list(@Nullable Long before, int limit);

	/**
	 * Ends a redrive. The jobs that it has enqueued stay.
	 * @param id its id
	 * @param audit who does it, and why
	 * @throws RedriveNotFoundException if there is no such redrive
	 * @throws IllegalRedriveStateException if it is over
	 */
	void cancel(long id, Audit audit);

	/**
	 * Lets a redrive that has stopped go on with the letters that it has not taken,
	 * behind a new canary of the same size if it had one.
	 * @param id its id
	 * @param audit who does it, and why
	 * @throws RedriveNotFoundException if there is no such redrive
	 * @throws IllegalRedriveStateException if it has not stopped
	 */
	void resume(long id, Audit audit);

	/**
	 * Like {@link #resume}, but whatever its canary has shown, and without another one.
	 * @param id its id
	 * @param audit who does it, and why
	 * @throws RedriveNotFoundException if there is no such redrive
	 * @throws IllegalRedriveStateException if it has not stopped
	 */
	void resumeWithoutCanary(long id, Audit audit);

}
