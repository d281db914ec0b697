package io.jobstarter.autoconfigure;

import java.util.Map;

import io.jobstarter.autoconfigure.BackgroundJobProperties.Queue;
import io.jobstarter.schedule.QueueConcurrency;
import io.jobstarter.worker.ServedQueues;

/**
 * How many jobs of a queue a node runs at the same time, as far as this application's
 * configuration tells.
 */
final class ConfiguredConcurrency implements QueueConcurrency {

	private static final int STANDARD = 5;

	private final Map<String, Queue> queues;

	private final ServedQueues served;

	ConfiguredConcurrency(Map<String, Queue> queues) {
		this.queues = queues;
		this.served = new ServedQueues(queues.keySet());
	}

	@Override
	public int of(String queue) {
		return this.served.entryOf(queue).map(this.queues::get).map(Queue::concurrency).orElse(STANDARD);
	}

}
