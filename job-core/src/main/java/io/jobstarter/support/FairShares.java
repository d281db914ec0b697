package io.jobstarter.support;

import io.jobstarter.InvalidJobException;

/**
 * Puts keys into a bounded number of shares. A key has the same share on all nodes and in
 * all releases: jobs that wait were put there before.
 */
public final class FairShares {

	/** How many shares a queue has. */
	private static final int SHARES = 64;

	/** Leaves room for the share where the name of the queue is stored. */
	private static final int LONGEST_QUEUE = 97;

	private static final int LONGEST_KEY = 1_000;

	private FairShares() {
	}

	/**
	 * Finds the share of a key.
	 * @param key the key, 1 to 1000 characters
	 * @return the share, 1 to 64
	 * @throws InvalidJobException if it is no key
	 */
	public static int shareOf(String key) {
		Names.text("key to share a queue by", key, 1, LONGEST_KEY);
		// The last bits of similar keys differ little: mixed as by MurmurHash3.
		int mixed = key.hashCode();
		mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
		mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
		mixed ^= mixed >>> 16;
		return Math.floorMod(mixed, SHARES) + 1;
	}

	/**
	 * Tells whether the jobs of a queue can be shared.
	 * @param queue the queue's name
	 * @return whether its name is short enough
	 */
	public static boolean isShareable(String queue) {
		return queue.length() <= LONGEST_QUEUE;
	}

	/**
	 * Checks that the jobs of a queue can be shared.
	 * @param queue the queue's name
	 * @return the name
	 * @throws InvalidJobException if the name is too long
	 */
	public static String requireShareable(String queue) {
		if (!isShareable(queue)) {
			throw new InvalidJobException("The queue '" + queue + "' cannot be shared by key: its name has "
					+ queue.length() + " characters, and " + LONGEST_QUEUE + " are the most for that");
		}
		return queue;
	}

}
