package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Health;
import io.jobstarter.autoconfigure.BackgroundJobProperties.QueueHealth;
import io.jobstarter.worker.ServedQueues;

/**
 * Judges queues by the bounds that the application has set.
 */
final class Backlogs {

	private static final QueueHealth UNBOUNDED = new QueueHealth(null, null);

	private final Health bounds;

	private final QueueHealth ofAll;

	private final ServedQueues named;

	private final ServedQueues served;

	/**
	 * Makes a judge.
	 * @param bounds the bounds
	 * @param served what this node serves: bounds of all queues are for these
	 */
	Backlogs(Health bounds, ServedQueues served) {
		this.bounds = bounds;
		this.ofAll = new QueueHealth(bounds.maxAge(), bounds.maxDepth());
		this.named = new ServedQueues(bounds.queues().keySet());
		this.served = served;
	}

	/**
	 * Finds the queues that are above their bounds. One that is paused is not: that is
	 * what somebody wanted.
	 * @param queues how the queues stood
	 * @param at when that was
	 * @return what to say of each, by queue
	 */
	Map<String, String> above(Iterable<QueueInfo> queues, Instant at) {
		Map<String, String> above = new TreeMap<>();
		for (QueueInfo queue : queues) {
			if (!queue.isPaused()) {
				judge(queue, boundsOf(queue.name()), at).ifPresent((verdict) -> above.put(queue.name(), verdict));
			}
		}
		return above;
	}

	private QueueHealth boundsOf(String queue) {
		QueueHealth standard = this.served.serves(queue) ? this.ofAll : UNBOUNDED;
		QueueHealth own = this.named.entryOf(queue).map(this.bounds.queues()::get).orElse(UNBOUNDED);
		return new QueueHealth((own.maxAge() != null) ? own.maxAge() : standard.maxAge(),
				(own.maxDepth() != null) ? own.maxDepth() : standard.maxDepth());
	}

	private static Optional<String> judge(QueueInfo queue, QueueHealth bounds, Instant at) {
		Duration age = age(queue, at);
		if (bounds.maxAge() != null && age.compareTo(bounds.maxAge()) > 0) {
			return Optional.of("its oldest ready job has been due for " + age.toSeconds() + " s, more than "
					+ bounds.maxAge().toSeconds() + " s");
		}
		long ready = queue.depth().getOrDefault(JobState.READY, 0L);
		return (bounds.maxDepth() != null && ready > bounds.maxDepth())
				? Optional.of("it holds " + ready + " ready jobs, more than " + bounds.maxDepth()) : Optional.empty();
	}

	/**
	 * For how long the oldest ready job of a queue had been due.
	 * @param queue the queue
	 * @param at when
	 * @return the time, or zero if none was ready
	 */
	static Duration age(QueueInfo queue, Instant at) {
		Instant oldest = queue.oldestReadyAt();
		return (oldest == null || oldest.isAfter(at)) ? Duration.ZERO : Duration.between(oldest, at);
	}

}
