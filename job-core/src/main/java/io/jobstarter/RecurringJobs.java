package io.jobstarter;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Looks at recurring jobs and changes them, in the caller's transaction, or one of its
 * own where there is none.
 */
public interface RecurringJobs {

	/**
	 * The most fires that {@link #next} tells.
	 */
	int MAX_FIRES = 100;

	/**
	 * Makes a recurring job, or changes one that was made so. It fires from now on; if it
	 * was there before with the same schedule and zone, its next fire stays.
	 * @param request what it is to be
	 * @param audit who does it, and why
	 * @return the recurring job
	 * @throws InvalidScheduleException if the schedule cannot be read, or never fires
	 * @throws UnknownJobException if this application has no handler for its jobs
	 * @throws InvalidPayloadException if the handler cannot read the payload
	 * @throws InvalidJobException if something else cannot be, or the id is declared by
	 * code or configuration
	 */
	RecurringJob put(RecurringRequest request, Audit audit);

	/**
	 * Like {@link #put(RecurringRequest, Audit)}, without a reason.
	 * @param request what it is to be
	 * @return the recurring job
	 */
	default RecurringJob put(RecurringRequest request) {
		return put(request, Audit.NONE);
	}

	/**
	 * Removes a recurring job that was made at run time, or that is retired. Jobs that it
	 * has enqueued stay. Made again, it fires from then on.
	 * @param id its id
	 * @param audit who does it, and why
	 * @return whether there was one
	 * @throws InvalidJobException if a node declares it: remove it there
	 */
	boolean remove(String id, Audit audit);

	/**
	 * Like {@link #remove(String, Audit)}, without a reason.
	 * @param id its id
	 * @return whether there was one
	 */
	default boolean remove(String id) {
		return remove(id, Audit.NONE);
	}

	/**
	 * Finds a recurring job.
	 * @param id its id
	 * @return the recurring job, or empty
	 */
	Optional<RecurringJob> find(String id);

	/**
	 * Lists recurring jobs, retired ones included, by id.
	 * @param after only greater ids, or {@code null} for the first page
	 * @param limit how many at most, 1 to {@value JobOperations#MAX_PAGE_SIZE}
	 * @return the recurring jobs
	 */
	List<RecurringJob> list(@Nullable String after, int limit);

	/**
	 * Lets it fire no more until it is resumed; no release and no restart changes that.
	 * One that is paused already gets the new reason.
	 * @param id its id
	 * @param audit who does it, and why
	 * @throws RecurringNotFoundException if there is none
	 */
	void pause(String id, Audit audit);

	/**
	 * Lets it fire again, from now on: what was due meanwhile is no missed fire.
	 * @param id its id
	 * @param audit who does it, and why
	 * @return whether it was paused
	 * @throws RecurringNotFoundException if there is none
	 */
	boolean resume(String id, Audit audit);

	/**
	 * Like {@link #resume(String, Audit)}, without a reason.
	 * @param id its id
	 * @return whether it was paused
	 */
	default boolean resume(String id) {
		return resume(id, Audit.NONE);
	}

	/**
	 * Enqueues one of its jobs now, whatever its schedule and its overlap policy say,
	 * also if it is paused.
	 * @param id its id
	 * @param audit who does it, and why
	 * @return the job
	 * @throws RecurringNotFoundException if there is none
	 */
	JobId runNow(String id, Audit audit);

	/**
	 * Like {@link #runNow(String, Audit)}, without a reason.
	 * @param id its id
	 * @return the job
	 */
	default JobId runNow(String id) {
		return runNow(id, Audit.NONE);
	}

	/**
	 * Tells when it fires next, as if it were neither paused nor retired.
	 * @param id its id
	 * @param count how many fires, 1 to {@value #MAX_FIRES}
	 * @return the instants, fewer if there are no more
	 * @throws RecurringNotFoundException if there is none
	 */
	List<Instant> next(String id, int count);

	/**
	 * Finds recurring jobs that will collide within the next 24 hours: more of them have
	 * jobs due in the same minute than a node runs of their queue at the same time.
	 * @return the conflicts, at most 100, the first to come first
	 */
	List<RecurringConflict> conflicts();

}
