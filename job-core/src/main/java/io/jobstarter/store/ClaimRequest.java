package io.jobstarter.store;

import java.util.List;
import java.util.Set;

/**
 * What a worker asks for.
 *
 * @param worker the worker
 * @param claim the number of this claim, unique within the worker: with it, it is the
 * fence of every job that is claimed
 * @param names the only job names that may be claimed
 * @param demands the queues to serve, the most important first
 * @param limit how many jobs at most, over all queues
 */
public record ClaimRequest(long worker, long claim, Set<String> names, List<QueueDemand> demands, int limit) {

	/**
	 * What is asked of one queue, or of one share of it.
	 *
	 * @param queue the queue
	 * @param limit how many jobs at most
	 * @param lanes its lanes, all of the same share, in the order in which they are to be
	 * emptied
	 * @param share the share, or 0
	 */
	public record QueueDemand(String queue, int limit, List<LaneStart> lanes, int share) {

		/**
		 * Makes what is asked of a queue, of which no share is meant.
		 * @param queue the queue
		 * @param limit how many jobs at most
		 * @param lanes its lanes, in the order in which they are to be emptied
		 */
		public QueueDemand(String queue, int limit, List<LaneStart> lanes) {
			this(queue, limit, lanes, 0);
		}

	}

	/**
	 * Where to read a lane.
	 *
	 * @param lane the lane
	 * @param from the first position that is looked at
	 */
	public record LaneStart(Lane lane, long from) {
	}

}
