package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.autoconfigure.QueueTags;
import io.jobstarter.autoconfigure.actuate.JobMeters.QueueDepths;

/**
 * Reads the depths of all queues at once and remembers them for a while, since a scrape
 * asks for each of them.
 */
final class CachedQueueDepths implements QueueDepths {

	private static final Duration MEMORY = Duration.ofSeconds(10);

	private final JobOperations operations;

	private final QueueTags tags;

	private final InstantSource clock;

	private Map<String, List<QueueInfo>> queues = Map.of();

	private boolean known;

	private long readAt;

	CachedQueueDepths(JobOperations operations, QueueTags tags, InstantSource clock) {
		this.operations = operations;
		this.tags = tags;
		this.clock = clock;
	}

	@Override
	public double depth(String queue, JobState state) {
		return of(queue, (infos) -> infos.mapToDouble((info) -> info.depth().getOrDefault(state, 0L)).sum());
	}

	@Override
	public double oldestSeconds(String queue) {
		return of(queue, (infos) -> infos.mapToDouble(this::oldestSeconds).max().orElse(0));
	}

	private double oldestSeconds(QueueInfo info) {
		return (info.oldestReadyAt() == null) ? 0
				: Math.max(0, Duration.between(info.oldestReadyAt(), this.clock.instant()).toMillis() / 1000.0);
	}

	private synchronized double of(String queue, ToDoubleFunction<Stream<QueueInfo>> figure) {
		refresh();
		if (!this.known) {
			return Double.NaN;
		}
		return figure.applyAsDouble(this.queues.getOrDefault(queue, List.of()).stream());
	}

	private void refresh() {
		if (this.readAt != 0 && System.nanoTime() - this.readAt < MEMORY.toNanos()) {
			return;
		}
		this.readAt = System.nanoTime();
		try {
			this.queues = this.operations.queues()
				.stream()
				.collect(Collectors.groupingBy((info) -> this.tags.of(info.name())));
			this.known = true;
		}
		catch (RuntimeException ex) {
			// A scrape shows that nothing is known; health says why.
			this.known = false;
		}
	}

}
