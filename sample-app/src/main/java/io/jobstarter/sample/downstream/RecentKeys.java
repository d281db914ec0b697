package io.jobstarter.sample.downstream;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells repetitions by their key, as a downstream system does: among the latest ones, for
 * memory is finite.
 */
final class RecentKeys {

	private static final int REMEMBERED = 10_000;

	private static final int KEY_LENGTH = 200;

	private final Map<String, Boolean> keys = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
			return size() > REMEMBERED;
		}

	};

	private long added;

	/**
	 * Adds a key.
	 * @param key any text
	 * @return whether it was new
	 */
	synchronized boolean add(String key) {
		boolean isNew = this.keys.put(key.substring(0, Math.min(key.length(), KEY_LENGTH)), true) == null;
		if (isNew) {
			this.added++;
		}
		return isNew;
	}

	/**
	 * How many different keys were added.
	 * @return the number
	 */
	synchronized long size() {
		return this.added;
	}

}
