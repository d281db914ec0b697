package io.jobstarter.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.JobId;
import io.jobstarter.RedriveCanary;
import io.jobstarter.RedriveInfo;
import org.jspecify.annotations.Nullable;

/**
 * The statements of operators who redrive dead letters, in the transaction of the calling
 * thread. Filters are taken to ask for open letters, whatever they say of that.
 */
public interface RedriveStore {

	/**
	 * Enqueues jobs in place of letters, and resolves these as retried.
	 * @param letters the ids of the jobs that died; those that are no open dead letters
	 * are left out
	 * @param audit who does it, and why
	 * @return the new jobs, by ascending id of the letter
	 */
	List<RedrivenLetter> redrive(Collection<JobId> letters, Audit audit);

	/**
	 * Like {@link #redrive}, with another payload.
	 * @param letter the id of the job that died
	 * @param payload the payload of the new job
	 * @param audit who does it, and why
	 * @return the new job, or empty if there is no such open dead letter
	 */
	Optional<RedrivenLetter> redriveCorrected(JobId letter, String payload, Audit audit);

	/**
	 * Counts open letters.
	 * @param filter which ones
	 * @return how many there are, and what bounds them
	 */
	Matching count(DeadLetterFilter filter);

	/**
	 * Makes a redrive by filter.
	 * @param redrive what it does
	 * @return its id
	 */
	long create(NewRedrive redrive);

	/**
	 * Finds a redrive by filter.
	 * @param id its id
	 * @return the redrive, or empty
	 */
	Optional<RedriveInfo> find(long id);

	/**
	 * Lists redrives by filter by descending id.
	 * @param before only smaller ids, or {@code null}
	 * @param limit how many at most
	 * @return the redrives
	 */
	List<RedriveInfo> list(@Nullable Long before, int limit);

	/**
	 * Ends a redrive that is not over.
	 * @param id its id
	 * @param audit who does it, and why
	 * @return whether there was one
	 */
	boolean cancel(long id, Audit audit);

	/**
	 * Lets a redrive that has stopped go on.
	 * @param id its id
	 * @param canary whether behind another canary, if it had one
	 * @param audit who does it, and why
	 * @return whether there was one
	 */
	boolean resume(long id, boolean canary, Audit audit);

	/**
	 * Tells this node that a redrive goes on: to be called after the commit. Does no I/O.
	 */
	void announce();

	/**
	 * Letters that a filter meets.
	 *
	 * @param count how many there are
	 * @param last the greatest id among them, 0 if there are none
	 */
	record Matching(long count, long last) {
	}

	/**
	 * A redrive to make.
	 *
	 * @param filter which letters it takes
	 * @param matching the letters that the filter meets now
	 * @param pause the time from one job to the next
	 * @param canary what goes first
	 * @param audit who makes it, and why
	 */
	record NewRedrive(DeadLetterFilter filter, Matching matching, Duration pause, RedriveCanary canary, Audit audit) {
	}

}
