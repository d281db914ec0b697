package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Says how many jobs a node may claim beyond its free slots, so that the slots of short
 * jobs need not wait for the database: what they are expected to do within
 * {@link #HORIZON}, by how long the last attempts took. Jobs that take longer than that
 * are not claimed ahead at all, and other nodes find them.
 */
final class Prefetch {

	/** How long a job that is claimed ahead is expected to wait. */
	static final Duration HORIZON = Duration.ofMillis(50);

	/** How long it may wait before it is given back. */
	static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

	static final int MOST = 4_000;

	/** A claim of that size costs hardly less per job than a larger one. */
	static final int LARGE_CLAIM = 1_000;

	/** How much text the payloads of one entry may hold that are claimed ahead. */
	private static final long MOST_TEXT = 4_000_000;

	/** For how long nothing is claimed ahead of an entry that had a job with keys. */
	private static final Duration WITHOUT_KEYS = Duration.ofSeconds(1);

	/** The weight of an attempt in the moving average, if it took longer than that. */
	private static final double RISE = 1.0 / 16;

	/** The same of a shorter one: the first attempts load classes and tell little. */
	private static final double FALL = 1.0 / 4;

	private final Map<String, Double> nanosByEntry = new HashMap<>();

	private final Map<String, Double> textByEntry = new HashMap<>();

	private final Map<String, Long> keysSeenAt = new HashMap<>();

	/**
	 * Notes how an attempt went.
	 * @param entry the entry of its queue
	 * @param nanos how long it took
	 * @param text how long its payload is
	 */
	synchronized void ran(String entry, long nanos, int text) {
		this.nanosByEntry.merge(entry, (double) nanos, Prefetch::followTime);
		this.textByEntry.merge(entry, (double) text, Prefetch::followSize);
	}

	private static double followTime(double average, double last) {
		return average + ((last > average) ? RISE : FALL) * (last - average);
	}

	// The other way round: a large one counts at once.
	private static double followSize(double average, double last) {
		return average + ((last > average) ? FALL : RISE) * (last - average);
	}

	/**
	 * Notes that jobs of an entry waited in vain.
	 * @param entry the entry
	 */
	synchronized void stalled(String entry) {
		this.nanosByEntry.merge(entry, (double) LONGEST_WAIT.toNanos(), Math::max);
	}

	/**
	 * Notes that a job of an entry holds the permits of keys, for which others wait.
	 * @param entry the entry
	 */
	synchronized void sawKeys(String entry) {
		this.keysSeenAt.put(entry, System.nanoTime());
	}

	/**
	 * Says how many jobs of an entry may be claimed ahead.
	 * @param entry the entry
	 * @param slots how many of its jobs run at the same time
	 * @return the number of jobs, 0 as long as it is not known how long they take
	 */
	synchronized int ahead(String entry, int slots) {
		if (hasKeys(entry)) {
			return 0;
		}
		double nanos = this.nanosByEntry.getOrDefault(entry, Double.MAX_VALUE);
		double most = Math.min(MOST, MOST_TEXT / Math.max(1, this.textByEntry.getOrDefault(entry, 1.0)));
		return (int) Math.min(most, slots * (HORIZON.toNanos() / Math.max(1, nanos)));
	}

	private boolean hasKeys(String entry) {
		Long seen = this.keysSeenAt.get(entry);
		return seen != null && System.nanoTime() - seen < WITHOUT_KEYS.toNanos();
	}

}
