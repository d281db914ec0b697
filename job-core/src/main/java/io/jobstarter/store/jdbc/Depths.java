package io.jobstarter.store.jdbc;

import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

import io.jobstarter.JobState;
import io.jobstarter.store.BreakerRow;
import org.jspecify.annotations.Nullable;

/**
 * The depths of queues while they are read.
 */
final class Depths {

	private final Map<String, Depth> queues = new TreeMap<>();

	private final Map<String, Long> parked = new HashMap<>();

	void counted(String queue, JobState state, long jobs) {
		if (jobs > 0) {
			of(queue).jobs.merge(state, jobs, Long::sum);
		}
	}

	/**
	 * Adds jobs that were not counted.
	 * @param queue their queue
	 * @param state their state
	 * @param jobs how many there may be
	 */
	void estimated(String queue, JobState state, double jobs) {
		of(queue).estimated.add(state);
		counted(queue, state, Math.round(jobs));
	}

	void oldestReady(String queue, @Nullable Instant dueAt) {
		Depth depth = of(queue);
		if (dueAt != null && (depth.oldest == null || dueAt.isBefore(depth.oldest))) {
			depth.oldest = dueAt;
		}
	}

	/**
	 * Adds jobs that wait for something.
	 * @param blockedBy what they wait for
	 * @param jobs how many
	 */
	void parked(@Nullable String blockedBy, double jobs) {
		if (blockedBy != null && BreakerRow.breakerOf(blockedBy) != null) {
			this.parked.merge(blockedBy, Math.round(jobs), Long::sum);
		}
	}

	Map<String, Long> parked() {
		return this.parked;
	}

	void forEach(BiConsumer<String, Depth> action) {
		this.queues.forEach(action);
	}

	private Depth of(String queue) {
		return this.queues.computeIfAbsent(queue, (name) -> new Depth());
	}

	/**
	 * The depth of one queue.
	 */
	static final class Depth {

		private final Map<JobState, Long> jobs = new EnumMap<>(JobState.class);

		private final Set<JobState> estimated = EnumSet.noneOf(JobState.class);

		private @Nullable Instant oldest;

		Map<JobState, Long> jobs() {
			return this.jobs;
		}

		Set<JobState> estimated() {
			return this.estimated;
		}

		@Nullable Instant oldest() {
			return this.oldest;
		}

	}

}
