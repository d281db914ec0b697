package io.jobstarter.faults.life;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The workers that there were, by the journal.
 */
final class Workers {

	private final Map<Long, String> nodes = new HashMap<>();

	private final Map<Long, Set<Long>> recoveries = new HashMap<>();

	private final List<String> broken = new ArrayList<>();

	Workers(List<Line> journal) {
		Map<Long, Line> latest = new HashMap<>();
		for (Line line : journal) {
			if (line.isOf("worker")) {
				hear(line, latest.put(line.row(), line));
			}
		}
	}

	private void hear(Line line, @Nullable Line before) {
		if (line.image().has("application")) {
			this.nodes.put(line.row(), line.image().text("application"));
		}
		if (line.isDelete() || !line.image().has("dead_at")) {
			return;
		}
		this.recoveries.computeIfAbsent(line.row(), (worker) -> new HashSet<>()).add(line.tx());
		boolean first = before == null || !before.image().has("dead_at");
		if (first && line.image().time("expires_at").isAfter(line.at())) {
			this.broken.add("worker " + line.row() + " was declared dead while it had its lease: " + line);
		}
	}

	/**
	 * Tells on which node a worker was.
	 * @param worker the worker
	 * @return the node's name, empty if it is not known
	 */
	String nodeOf(long worker) {
		return this.nodes.getOrDefault(worker, "");
	}

	/**
	 * Tells whether a transaction recovered jobs of a worker.
	 * @param worker the worker
	 * @param tx the transaction
	 * @return whether it did
	 */
	boolean isRecovered(long worker, long tx) {
		return this.recoveries.getOrDefault(worker, Set.of()).contains(tx);
	}

	/**
	 * Tells whether a worker has ever registered. It may be gone when a claim of its own
	 * arrives late: whoever finds that adopts it.
	 * @param worker the worker
	 * @return whether it has
	 */
	boolean isKnown(long worker) {
		return this.nodes.containsKey(worker);
	}

	List<String> broken() {
		return this.broken;
	}

	Set<String> nodes() {
		return new TreeSet<>(this.nodes.values());
	}

	int recovered() {
		return this.recoveries.values().stream().mapToInt(Set::size).sum();
	}

}
