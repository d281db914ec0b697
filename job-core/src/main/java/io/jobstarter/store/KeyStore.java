package io.jobstarter.store;

import java.time.Duration;
import java.util.Set;

/**
 * Looks after the keys whose permits jobs need. Each call is made of bounded transactions
 * on the engine's connection; any number of nodes may make the same call at the same
 * time.
 */
public interface KeyStore {

	/**
	 * Says who wants to hear that an operator has changed a limit on this node.
	 * @param changed what is run
	 */
	void listen(Runnable changed);

	/**
	 * Tells whether any job waits for a key.
	 * @return whether there is something to {@linkplain #release release}
	 */
	boolean isWaitedFor();

	/**
	 * Lets those go that wait for a key which has room: after an operator has raised a
	 * limit, cancelled the first of an order, or changed anything else by which no permit
	 * is given back.
	 * @param limit how many keys at most
	 * @return the lanes that received jobs
	 */
	Set<Lane> release(int limit);

	/**
	 * Counts anew who holds the keys that nobody has touched for a while. Reads all jobs
	 * if there are such keys.
	 * @param untouched for how long
	 * @param limit how many keys at most
	 * @return how many were wrong: only if somebody has changed the tables by hand
	 */
	int recount(Duration untouched, int limit);

	/**
	 * Deletes the rows of keys that nobody holds and nobody waits for.
	 * @param idle for how long nobody has touched them
	 * @param limit how many at most
	 * @return how many were deleted
	 */
	int tidy(Duration idle, int limit);

}
