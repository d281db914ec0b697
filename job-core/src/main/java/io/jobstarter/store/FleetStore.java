package io.jobstarter.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Divides the slots of queues of which a bounded number of jobs runs over all nodes. A
 * worker claims at most as many jobs as it has slots, which each claim looks up again;
 * its slots are freed with the last of its jobs when it is recovered.
 */
public interface FleetStore {

	/**
	 * Reads how slots are divided.
	 * @param names the queues, or wildcards
	 * @return each of them, in any order
	 */
	List<FleetQueue> read(Collection<String> names);

	/**
	 * Divides the slots of a queue anew, by {@link FleetDivision}, as far as one worker
	 * is concerned. If the answer is lost, the next question tells how it stands. Does
	 * not wait for others who divide them: one of them may have been stopped in the midst
	 * of it.
	 * @param wish what the worker asks for
	 * @return how they are divided now, or empty if somebody else is dividing them and
	 * nothing was changed
	 */
	Optional<FleetQueue> take(FleetWish wish);

	/**
	 * Moves slots from one identity of a node to another, but for those that jobs need. A
	 * claim of the earlier identity that is still on its way finds no free slot any more.
	 * @param name the queue
	 * @param from the earlier identity
	 * @param to the present one
	 * @param kept how many jobs the earlier one is known to hold
	 */
	void move(String name, long from, long to, int kept);

	/**
	 * Forgets what a worker had of queues that are not bounded any more.
	 * @param names the queues
	 * @param worker the worker
	 */
	void leave(Collection<String> names, long worker);

	/**
	 * Frees the slots of workers that nobody knows and that no job names.
	 * @return how many slots
	 */
	int freeUnknown();

}
