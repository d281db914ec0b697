package io.jobstarter.worker;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;

/**
 * Says in which order the queues are asked. A weighted order is drawn anew each time, by
 * the method of Efraimidis and Spirakis (2006): each queue draws -ln(u)/weight, the
 * smallest goes first.
 */
final class QueueSelection {

	private final Map<String, QueueSettings> queues;

	private final QueueOrder order;

	private final DoubleSupplier chance;

	QueueSelection(Map<String, QueueSettings> queues, QueueOrder order) {
		this(queues, order, () -> ThreadLocalRandom.current().nextDouble());
	}

	QueueSelection(Map<String, QueueSettings> queues, QueueOrder order, DoubleSupplier chance) {
		this.queues = queues;
		this.order = order;
		this.chance = chance;
	}

	List<String> next() {
		List<String> listed = List.copyOf(this.queues.keySet());
		if (this.order == QueueOrder.STRICT || listed.size() == 1) {
			return listed;
		}
		Map<String, Double> draws = listed.stream().collect(Collectors.toMap((queue) -> queue, this::draw));
		return listed.stream().sorted(Comparator.comparing(draws::get)).toList();
	}

	private double draw(String queue) {
		QueueSettings settings = this.queues.get(queue);
		int weight = (settings != null) ? settings.weight() : 1;
		return -Math.log(1 - this.chance.getAsDouble()) / weight;
	}

}
