package io.jobstarter.worker;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

import io.jobstarter.worker.WorkerSettings.QueueOrder;

/**
 * Says in which order queues are asked: by their entries, and the queues of a wildcard by
 * their names. A weighted order is drawn anew each time, by the method of Efraimidis and
 * Spirakis (2006): each entry draws -ln(u)/weight, the smallest goes first. The queues of
 * a wildcard weigh the same there.
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
	 * @param queues the queues
	 * @return those that are served, the first to ask first
	 */
	List<String> order(Collection<String> queues) {
		Map<String, List<String>> byEntry = queues.stream()
			.filter(this.served::serves)
			.sorted()
			.collect(Collectors.groupingBy((queue) -> this.served.entryOf(queue).orElseThrow()));
		List<String> entries = this.settings.queues().keySet().stream().filter(byEntry::containsKey).toList();
		return inOrder(entries, (entry) -> this.settings.queues().get(entry).weight()).stream()
			.flatMap((entry) -> inOrder(byEntry.get(entry), (queue) -> 1).stream())
			.toList();
	}

	private List<String> inOrder(List<String> listed, ToIntFunction<String> weight) {
		if (this.settings.queueOrder() == QueueOrder.STRICT || listed.size() == 1) {
			return listed;
		}
		Map<String, Double> draws = listed.stream()
			.collect(Collectors.toMap((name) -> name, (name) -> draw(weight.applyAsInt(name))));
		return listed.stream().sorted(Comparator.comparing(draws::get)).toList();
	}

	private double draw(int weight) {
		return -Math.log(1 - this.chance.getAsDouble()) / weight;
	}

}
