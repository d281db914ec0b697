package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;

/**
 * How a database gives out jobs.
 */
interface Claims {

	/**
	 * Claims jobs.
	 * @param request what is asked for
	 * @return the jobs, in any order
	 */
	List<ClaimedJob> claim(ClaimRequest request);

	/**
	 * Finds lanes.
	 * @param queues the queues to look at
	 * @return the lanes of those that are not paused
	 */
	Set<Lane> lanes(Collection<String> queues);

}
