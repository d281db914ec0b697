package io.jobstarter.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.jobstarter.RecurringDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the fires of a recurring job that are due.
 *
 * @param fires those that are noted, by instant
 * @param cancelsPrevious whether the previous job is cancelled first
 * @param missed how many others there were
 * @param next when it fires next, which may be past; {@code null} if never again
 * @param waits whether nothing is done now, since the previous job is to be over first
 */
public record FirePlan(List<Fire> fires, boolean cancelsPrevious, long missed, @Nullable Instant next, boolean waits) {

	/**
	 * Leaves everything as it is until the previous job is over.
	 */
	public static final FirePlan WAIT = new FirePlan(List.of(), false, 0, null, true);

	public FirePlan {
		fires = List.copyOf(fires);
	}

	/**
	 * A fire.
	 *
	 * @param at the instant by the schedule
	 * @param delay how much later its job is due
	 * @param enqueues whether there is a job, rather than only a note
	 */
	public record Fire(Instant at, Duration delay, boolean enqueues) {
	}

	/**
	 * A recurring job that is due.
	 *
	 * @param definition what was declared
	 * @param first its first fire that is due
	 * @param now the database's time
	 * @param previousUnderWay whether its previous job waits or runs; not looked up where
	 * its overlap policy does not ask
	 */
	public record Due(RecurringDefinition definition, Instant first, Instant now, boolean previousUnderWay) {
	}

	/**
	 * Makes plans.
	 */
	@FunctionalInterface
	public interface Planner {

		/**
		 * Makes a plan. Has no other effects: it may be asked again.
		 * @param due what is due
		 * @return the plan
		 */
		FirePlan plan(Due due);

		/**
		 * Completes a job of a fire by the rules of its handler.
		 * @param job the job
		 * @return the job with its keys
		 */
		default NewJob complete(NewJob job) {
			return job;
		}

	}

}
