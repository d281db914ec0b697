package io.jobstarter.worker;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

import io.jobstarter.worker.WorkerSettings.QueueSettings;

/**
 * The limits of those entries of a node that grow and shrink with their load. Together
 * with all others they never exceed what the node may run: {@code spare} slots are given
 * out once. Not safe for use by several threads at the same time.
 */
final class ElasticLimits {

	private final Map<String, ElasticLimit> limits = new HashMap<>();

	private final int ceiling;

	/**
	 * Makes the limits.
	 * @param entries the entries of the node
	 * @param ceiling how many slots the node may have in all
	 * @param now the time
	 */
	ElasticLimits(Map<String, QueueSettings> entries, int ceiling, long now) {
		entries.forEach((name, settings) -> {
			if (settings.minConcurrency() != null) {
				this.limits.put(name, new ElasticLimit(settings.minConcurrency(), now));
			}
		});
		this.ceiling = ceiling;
	}

	boolean isEmpty() {
		return this.limits.isEmpty();
	}

	/**
	 * Says how many slots an entry has.
	 * @param entry the entry
	 * @param max how many it may have
	 * @return how many; {@code max} if it is not elastic
	 */
	int limit(String entry, int max) {
		ElasticLimit limit = this.limits.get(entry);
		return (limit != null) ? limit.limit(max) : max;
	}

	void started(String entry, long waitedNanos) {
		ElasticLimit limit = this.limits.get(entry);
		if (limit != null) {
			limit.started(waitedNanos);
		}
	}

	void more(String entry, boolean more) {
		ElasticLimit limit = this.limits.get(entry);
		if (limit != null) {
			limit.more(more);
		}
	}

	/**
	 * Looks at all entries.
	 * @param used how many slots of an entry are in use
	 * @param max how many an entry may have
	 * @param sum how many slots all entries have together
	 * @param now the time
	 * @return whether an entry has more or fewer slots now
	 */
	boolean look(ToIntFunction<String> used, ToIntFunction<String> max, long sum, long now) {
		boolean changed = false;
		long taken = sum;
		for (Map.Entry<String, ElasticLimit> one : this.limits.entrySet()) {
			int most = max.applyAsInt(one.getKey());
			int before = one.getValue().limit(most);
			int spare = (int) Math.max(0, Math.min(Integer.MAX_VALUE / 2, this.ceiling - taken));
			changed |= one.getValue().look(used.applyAsInt(one.getKey()), most, spare, now);
			taken += one.getValue().limit(most) - before;
		}
		return changed;
	}

	/**
	 * Lists how many slots there are.
	 * @param max how many an entry may have
	 * @return the slots of the entries that grow and shrink
	 */
	Map<String, Integer> slots(ToIntFunction<String> max) {
		Map<String, Integer> slots = new HashMap<>();
		this.limits.forEach((entry, limit) -> slots.put(entry, limit.limit(max.applyAsInt(entry))));
		return slots;
	}

}
