package io.jobstarter.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.jobstarter.DeadLetter;

/**
 * Hands out the dead letters whose handlers are to be told, and writes what came of it.
 * Any number of nodes may ask at the same time.
 */
public interface CallbackStore {

	/**
	 * Takes letters that are due, the longest due first. They are due again when the
	 * lease has ended, unless something else is written before. Letters that were retried
	 * are left out.
	 * @param names the job names that the caller knows
	 * @param lease for how long nobody else takes them
	 * @param limit how many at most
	 * @return the letters
	 */
	List<ClaimedCallback> claim(Set<String> names, Duration lease, int limit);

	/**
	 * Writes that a handler has been told.
	 * @param callback what was claimed; if the claim is over, nothing is written
	 */
	void done(ClaimedCallback callback);

	/**
	 * Writes that a call failed and is repeated.
	 * @param callback what was claimed; if the claim is over, nothing is written
	 * @param error what went wrong
	 * @param wait when it is repeated
	 */
	void retry(ClaimedCallback callback, String error, Duration wait);

	/**
	 * Writes that a handler will not be called any more.
	 * @param callback what was claimed; if the claim is over, nothing is written
	 * @param error what went wrong
	 */
	void giveUp(ClaimedCallback callback, String error);

	/**
	 * Lets another node call the handler, as if it had not been claimed.
	 * @param callback what was claimed; if the claim is over, nothing is written
	 */
	void release(ClaimedCallback callback);

	/**
	 * A letter whose handler is to be told.
	 *
	 * @param letter the letter
	 * @param token the fence of what is written
	 * @param tries how often it was claimed, with this time
	 */
	record ClaimedCallback(DeadLetter letter, long token, int tries) {
	}

}
