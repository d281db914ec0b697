package io.jobstarter.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import io.jobstarter.Audit;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringJob;
import org.jspecify.annotations.Nullable;

/**
 * The statements of operators about recurring jobs, in the transaction of the calling
 * thread.
 */
public interface RecurringStore {

	/**
	 * Tells the time.
	 * @return the database's
	 */
	Instant now();

	/**
	 * Finds a recurring job.
	 * @param id its id
	 * @return the recurring job, or empty
	 */
	Optional<RecurringJob> find(String id);

	/**
	 * Lists recurring jobs by id.
	 * @param after only greater ids, or {@code null}
	 * @param limit how many at most
	 * @return the recurring jobs
	 */
	List<RecurringJob> list(@Nullable String after, int limit);

	/**
	 * Lists the recurring jobs that fire.
	 * @return all of them, by id
	 */
	List<RecurringJob> active();

	/**
	 * Makes a dynamic recurring job, or changes it. Its next fire is counted from now,
	 * unless it fires at the same times as before.
	 * @param definition what it is to be
	 * @param next knows the schedules
	 * @return whether that was done: not if it is declared by code or configuration
	 */
	boolean put(RecurringDefinition definition, NextFire next);

	/**
	 * Removes a recurring job with the notes of its fires, if it is dynamic or retired.
	 * @param id its id
	 * @return whether there was such a one
	 */
	boolean remove(String id);

	/**
	 * Lets it fire no more.
	 * @param id its id
	 * @param audit who does it, and why
	 * @return whether there is one
	 */
	boolean pause(String id, Audit audit);

	/**
	 * Lets it fire again from now on.
	 * @param id its id
	 * @param next knows the schedules
	 * @return whether it was paused
	 */
	boolean resume(String id, NextFire next);

	/**
	 * Enqueues one of its jobs.
	 * @param id its id
	 * @return the fire, or empty if there is no such recurring job
	 */
	default Optional<RecurringSteps.Fired> runNow(String id) {
		return runNow(id, UnaryOperator.identity());
	}

	/**
	 * Enqueues one of its jobs.
	 * @param id its id
	 * @param completion completes the job by the rules of its handler
	 * @return the fire, or empty if there is no such recurring job
	 */
	Optional<RecurringSteps.Fired> runNow(String id, UnaryOperator<NewJob> completion);

	/**
	 * Tells this node that a recurring job has changed: to be called after the commit.
	 * Does no I/O.
	 */
	void announce();

}
