package io.jobstarter.store.jdbc;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

import io.jobstarter.JobState;
import io.jobstarter.store.BreakerRow;
import io.jobstarter.QueuePriority;
import org.jspecify.annotations.Nullable;

/**
 * The depths of queues while they are read.
 */
final class Depths {

	private static final int MOST_PRIORITIES = 20;

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

	/**
	 * Adds a lane that holds jobs, ready or running.
	 * @param queue its queue
	 * @param priority its priority
	 * @param dueAt when its oldest ready job was due, or {@code null} if none is ready
	 */
	void lane(String queue, int priority, @Nullable Instant dueAt) {
		Depth depth = of(queue);
		depth.oldest = earlier(depth.oldest, dueAt);
		depth.priorities.put(priority, Optional
			.ofNullable(earlier(depth.priorities.getOrDefault(priority, Optional.empty()).orElse(null), dueAt)));
	}

	private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
		return (one == null || (other != null && other.isBefore(one))) ? other : one;
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

		/** When the oldest ready job of each was due, the highest first. */
		private final SortedMap<Integer, Optional<Instant>> priorities = new TreeMap<>(Comparator.reverseOrder());

		Map<JobState, Long> jobs() {
			return this.jobs;
		}

		Set<JobState> estimated() {
			return this.estimated;
		}

		/**
		 * Lists the priorities, where there are several.
		 * @return the highest of them, the highest first
		 */
		List<QueuePriority> priorities() {
			return (this.priorities.size() < 2) ? List.of()
					: this.priorities.entrySet()
						.stream()
						.limit(MOST_PRIORITIES)
						.map((each) -> new QueuePriority(each.getKey(), each.getValue().orElse(null)))
						.toList();
		}

		@Nullable Instant oldest() {
			return this.oldest;
		}

	}

}
