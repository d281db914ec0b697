package io.jobstarter.worker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;

/**
 * Says in which order queues are asked: by their entries, and the queues of a wildcard by
 * their names. A weighted order is drawn anew each time, by the method of Efraimidis and
 * Spirakis (2006): each entry draws -ln(u)/weight, the smallest goes first. The queues of
 * a wildcard are shuffled.
 */
final class QueueSelection {

	private final WorkerSettings settings;

	private final ServedQueues served;

	private final DoubleSupplier chance;

	QueueSelection(WorkerSettings settings) {
		this(settings, () -> ThreadLocalRandom.current().nextDouble());
	}

	QueueSelection(WorkerSettings settings, DoubleSupplier chance) {
		this.settings = settings;
		this.served = settings.served();
		this.chance = chance;
	}

	/**
	 * Puts queues in order.
	 * @param queues the queues, by name
	 * @return those that are served, the first to ask first
	 */
	List<String> order(List<String> queues) {
		Map<String, List<String>> byEntry = new HashMap<>();
		queues.forEach((queue) -> this.served.entryOf(queue)
			.ifPresent((entry) -> byEntry.computeIfAbsent(entry, (key) -> new ArrayList<>()).add(queue)));
		List<String> ordered = new ArrayList<>(queues.size());
		for (String entry : entries(byEntry.keySet())) {
			List<String> ofEntry = byEntry.getOrDefault(entry, List.of());
			if (isWeighted()) {
				shuffle(ofEntry);
			}
			ordered.addAll(ofEntry);
		}
		return ordered;
	}

	/**
	 * Says which of several entries goes first.
	 * @param entries the entries, at least one
	 * @return the first
	 */
	String entry(List<String> entries) {
		return (entries.size() == 1) ? entries.get(0) : entries(Set.copyOf(entries)).get(0);
	}

	/**
	 * Says which of the queues of one entry goes first.
	 * @param queues the queues, by name; at least one
	 * @return the first
	 */
	String queue(SortedMap<String, ?> queues) {
		int skipped = isWeighted() ? (int) (this.chance.getAsDouble() * queues.size()) : 0;
		Iterator<String> names = queues.keySet().iterator();
		for (int i = 0; i < skipped; i++) {
			names.next();
		}
		return names.next();
	}

	private boolean isWeighted() {
		return this.settings.queueOrder() == QueueOrder.WEIGHTED;
	}

	private List<String> entries(Set<String> wanted) {
		List<String> listed = this.settings.queues().keySet().stream().filter(wanted::contains).toList();
		if (!isWeighted() || listed.size() == 1) {
			return listed;
		}
		Map<String, Double> draws = listed.stream().collect(Collectors.toMap((entry) -> entry, this::draw));
		return listed.stream().sorted(Comparator.comparing(draws::get)).toList();
	}

	private double draw(String entry) {
		QueueSettings settings = Objects.requireNonNull(this.settings.queues().get(entry));
		return -Math.log(1 - this.chance.getAsDouble()) / settings.weight();
	}

	private void shuffle(List<String> queues) {
		for (int i = queues.size() - 1; i > 0; i--) {
			Collections.swap(queues, i, (int) (this.chance.getAsDouble() * (i + 1)));
		}
	}

}
