package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore.Claimed;
import io.jobstarter.store.Lane;
import io.jobstarter.store.Look;
import io.jobstarter.store.QueueScope;

/**
 * How a database gives out jobs.
 */
interface Claims {

	/**
	 * Claims jobs.
	 * @param request what is asked for
	 * @return the jobs, in any order, and how many others are blocked now
	 */
	Claimed claim(ClaimRequest request);

	/**
	 * Finds lanes.
	 * @param scope the queues to look at
	 * @return the lanes of those that are not paused
	 */
	Set<Lane> lanes(QueueScope scope);

	/**
	 * Finds lanes and limits, if that takes one statement.
	 * @param scope the queues to look at, at least one
	 * @return what was found, or empty where it has to be asked for one by one
	 */
	default Optional<Look> look(QueueScope scope) {
		return Optional.empty();
	}

}
