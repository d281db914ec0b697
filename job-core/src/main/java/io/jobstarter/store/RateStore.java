package io.jobstarter.store;

import java.time.Duration;
import java.util.List;

import io.jobstarter.JobRate;
import io.jobstarter.store.ClaimStore.Claimed;

/**
 * Hands out jobs of queues whose rate is limited, and the permits with them, by the clock
 * of the database.
 */
public interface RateStore {

	/**
	 * Claims jobs and takes a permit for each, in one transaction, which does not wait
	 * for others that do the same.
	 * @param request what is asked for
	 * @param entry whose rate it is: all queues of the request belong to it
	 * @param rate the rate
	 * @return the jobs, as {@link ClaimStore#claim} returns them: at most as many as
	 * permits were free
	 */
	RatedClaim claim(ClaimRequest request, String entry, JobRate rate);

	/**
	 * Takes permits for jobs that start without having asked, also where none are free.
	 * @param entry whose rate it is
	 * @param rate the rate
	 * @param jobs how many
	 */
	void count(String entry, JobRate rate, int jobs);

	/**
	 * Forgets the rates that nobody has used for long.
	 * @param unusedFor how long
	 */
	void tidy(Duration unusedFor);

	/**
	 * What a claim of a queue with a rate came to.
	 *
	 * @param claimed the jobs, and how many others are blocked now
	 * @param untilNext how long no other job of the entry can be claimed; zero if permits
	 * are left
	 */
	record RatedClaim(Claimed claimed, Duration untilNext) {

		/**
		 * Tells which jobs were claimed.
		 * @return the jobs
		 */
		public List<ClaimedJob> jobs() {
			return this.claimed.jobs();
		}

	}

}
