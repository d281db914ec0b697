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
 * @param terms on what terms jobs with keys are claimed
 * @param fleet what bounds these jobs over all nodes: the same for all queues that are
 * asked
 */
public record ClaimRequest(long worker, long claim, Set<String> names, List<QueueDemand> demands, int limit,
		KeyTerms terms, List<FleetBound> fleet) {

	/**
	 * Makes a request of a worker that knows no limits.
	 * @param worker the worker
	 * @param claim the number of this claim
	 * @param names the only job names that may be claimed
	 * @param demands the queues to serve
	 * @param limit how many jobs at most
	 */
	public ClaimRequest(long worker, long claim, Set<String> names, List<QueueDemand> demands, int limit) {
		this(worker, claim, names, demands, limit, KeyTerms.NONE);
	}

	/**
	 * Makes a request for jobs of queues that are not bounded over all nodes.
	 * @param worker the worker
	 * @param claim the number of this claim
	 * @param names the only job names that may be claimed
	 * @param demands the queues to serve
	 * @param limit how many jobs at most
	 * @param terms on what terms jobs with keys are claimed
	 */
	public ClaimRequest(long worker, long claim, Set<String> names, List<QueueDemand> demands, int limit,
			KeyTerms terms) {
		this(worker, claim, names, demands, limit, terms, List.of());
	}

	/**
	 * Asks for fewer jobs.
	 * @param limit how many at most
	 * @return what is asked for then
	 */
	public ClaimRequest atMost(int limit) {
		return (limit >= this.limit) ? this
				: new ClaimRequest(this.worker, this.claim, this.names, this.demands, limit, this.terms, this.fleet);
	}

	/**
	 * What bounds all jobs of a claim: no more are claimed than the worker has slots of
	 * that name, less those that it holds.
	 *
	 * @param name a queue, or a wildcard
	 * @param held how many of its jobs the worker holds, as far as it knows
	 */
	public record FleetBound(String name, int held) {
	}

	/**
	 * What is asked of one queue.
	 *
	 * @param queue the queue
	 * @param limit how many jobs at most
	 * @param lanes its lanes, in the order in which they are to be emptied
	 */
	public record QueueDemand(String queue, int limit, List<LaneStart> lanes) {
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
