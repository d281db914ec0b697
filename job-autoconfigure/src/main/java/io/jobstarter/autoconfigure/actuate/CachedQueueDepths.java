package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.autoconfigure.actuate.JobMeters.QueueDepths;

/**
 * Reads the depths of all queues at once and remembers them for a while, since a scrape
 * asks for each of them.
 */
final class CachedQueueDepths implements QueueDepths {

	private static final Duration MEMORY = Duration.ofSeconds(10);

	private final JobOperations operations;

	private final InstantSource clock;

	private Map<String, QueueInfo> queues = Map.of();

	private boolean known;

	private long readAt;

	CachedQueueDepths(JobOperations operations, InstantSource clock) {
		this.operations = operations;
		this.clock = clock;
	}

	@Override
	public double depth(String queue, JobState state) {
		return of(queue, (info) -> info.depth().getOrDefault(state, 0L).doubleValue());
	}

	@Override
	public double oldestSeconds(String queue) {
		return of(queue, (info) -> (info.oldestReadyAt() == null) ? 0.0
				: Math.max(0, Duration.between(info.oldestReadyAt(), this.clock.instant()).toMillis() / 1000.0));
	}

	private synchronized double of(String queue, Function<QueueInfo, Double> figure) {
		refresh();
		if (!this.known) {
			return Double.NaN;
		}
		QueueInfo info = this.queues.get(queue);
		return (info != null) ? figure.apply(info) : 0;
	}

	private void refresh() {
		if (this.readAt != 0 && System.nanoTime() - this.readAt < MEMORY.toNanos()) {
			return;
		}
		this.readAt = System.nanoTime();
		try {
			this.queues = this.operations.queues()
				.stream()
				.collect(Collectors.toMap(QueueInfo::name, Function.identity()));
			this.known = true;
		}
		catch (RuntimeException ex) {
			// A scrape shows that nothing is known; health says why.
			this.known = false;
		}
	}

}
