package io.jobstarter.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.jobstarter.JobId;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringJob;
import io.jobstarter.RecurringSource;
import org.jspecify.annotations.Nullable;

/**
 * Lets recurring jobs fire. Each call is a short transaction of its own on the engine's
 * connection. All times are the database's.
 */
public interface RecurringSteps {

	/**
	 * Lists the recurring jobs that fire, the next first.
	 * @return the first 1,000 of them
	 */
	List<Upcoming> upcoming();

	/**
	 * Hands over what is told when this node changes a recurring job.
	 * @param listener does no I/O
	 */
	void listen(Runnable listener);

	/**
	 * Lets a recurring job fire: notes the fires, enqueues their jobs and moves on, all
	 * in one transaction. A fire that is noted already has no second job, and one whose
	 * unique key another job holds has none of its own.
	 * @param id its id
	 * @param planner decides what becomes of what is due
	 * @return what was done, or empty if it is not due, or another node is at it
	 */
	Optional<Step> fire(String id, FirePlan.Planner planner);

	/**
	 * Declares a recurring job: makes it, changes it, or just notes that it is declared.
	 * Its next fire is counted from now if it is new, was retired, or fires at other
	 * times than before.
	 * @param definition what it is to be
	 * @param source where it is declared
	 * @param next knows the schedules
	 * @return what that changed
	 */
	Declared declare(RecurringDefinition definition, RecurringSource source, NextFire next);

	/**
	 * Notes that recurring jobs are still declared, as they are.
	 * @param ids their ids
	 * @return those that are there and not retired
	 */
	Set<String> stillDeclared(Collection<String> ids);

	/**
	 * Pauses recurring jobs that code or configuration declares and that are not paused,
	 * until a node declares them anew: {@link #declare} ends such a pause.
	 * @param ids their ids
	 * @param why why
	 * @return those that were paused
	 */
	Set<String> switchOff(Collection<String> ids, String why);

	/**
	 * Retires recurring jobs that nobody has declared for a while, in which there were
	 * nodes without a gap.
	 * @param silence how long
	 * @return their ids
	 */
	List<String> retire(Duration silence);

	/**
	 * Deletes recurring jobs that have been retired for long, with the notes of their
	 * fires: some in each call, so that it takes a bounded time.
	 * @param retention how long they are kept
	 * @return the ids of those that are gone
	 */
	List<String> deleteRetired(Duration retention);

	/**
	 * Lists the recurring jobs that fire.
	 * @return all of them, by id
	 */
	List<RecurringJob> active();

	/**
	 * A recurring job that fires.
	 *
	 * @param id its id
	 * @param schedule its schedule
	 * @param zone its time zone
	 * @param jobName the name of its jobs
	 * @param dueIn how long until its next fire, zero or less if it is due
	 */
	record Upcoming(String id, String schedule, String zone, String jobName, Duration dueIn) {
	}

	/**
	 * What was done.
	 *
	 * @param fired the fires whose jobs are enqueued
	 * @param skipped the instants of those that were left out because of another job
	 * @param missed how many were noticed too late
	 * @param dueIn how long until the next fire, zero if it is due; {@code null} if there
	 * is none
	 * @param waits whether it waits for its previous job
	 */
	record Step(List<Fired> fired, List<Instant> skipped, long missed, @Nullable Duration dueIn, boolean waits) {
	}

	/**
	 * A fire whose job is enqueued.
	 *
	 * @param at the instant by the schedule
	 * @param job the job
	 * @param name its name
	 * @param lane where it waits
	 * @param scheduled whether it is due later
	 */
	record Fired(Instant at, JobId job, String name, Lane lane, boolean scheduled) {
	}

	/**
	 * What a declaration changed.
	 */
	enum Declared {

		/** There was none, or a retired one. */
		NEW,

		/** It was another one. */
		CHANGED,

		/** Nothing. */
		SAME

	}

}
