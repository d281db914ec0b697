package io.jobstarter;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A queue as operators see it.
 *
 * @param name its name
 * @param depth how many jobs it holds, by state; states without jobs are absent
 * @param oldestReadyAt when its oldest ready job was due, or {@code null} if none is
 * ready
 * @param pausedAt when it was paused, or {@code null} if it is not
 * @param pauseReason why it was paused, if somebody said
 * @param concurrency how many of its jobs a node runs at the same time, as
 * {@link JobOperations#setConcurrency} has set it, or {@code null} where the
 * configuration of each node says
 * @param pausedBy who paused it, if that is known
 * @param estimated the states whose depth is an estimate, since they hold more jobs than
 * are counted one by one
 * @param fleet how many of its jobs all nodes together run at the same time, if that is
 * bounded
 * @param priorities the priorities of its ready and running jobs, the highest first,
 * where there are several; 20 at most
 */
public record QueueInfo(String name, Map<JobState, Long> depth, @Nullable Instant oldestReadyAt,
		@Nullable Instant pausedAt, @Nullable String pauseReason, @Nullable Integer concurrency,
		@Nullable String pausedBy, Set<JobState> estimated, @Nullable FleetUse fleet, List<QueuePriority> priorities) {

	public QueueInfo {
		depth = Map.copyOf(depth);
		estimated = Set.copyOf(estimated);
		priorities = List.copyOf(priorities);
	}

	/**
	 * Makes a queue whose jobs are of one priority, and which is not bounded over all
	 * nodes.
	 */
	public QueueInfo(String name, Map<JobState, Long> depth, @Nullable Instant oldestReadyAt,
			@Nullable Instant pausedAt, @Nullable String pauseReason, @Nullable Integer concurrency,
			@Nullable String pausedBy, Set<JobState> estimated) {
		this(name, depth, oldestReadyAt, pausedAt, pauseReason, concurrency, pausedBy, estimated, null, List.of());
	}

	/**
	 * Makes a queue whose jobs were counted.
	 */
	public QueueInfo(String name, Map<JobState, Long> depth, @Nullable Instant oldestReadyAt,
			@Nullable Instant pausedAt, @Nullable String pauseReason, @Nullable Integer concurrency,
			@Nullable String pausedBy) {
		this(name, depth, oldestReadyAt, pausedAt, pauseReason, concurrency, pausedBy, Set.of());
	}

	/**
	 * Since when a job has been ready which others overtake: jobs of higher priority run,
	 * or those of them that are ready became due later.
	 * @return when the oldest such job was due, or {@code null} if there is none
	 */
	public @Nullable Instant overtakenSince() {
		Instant overtaken = null;
		Instant higher = null;
		for (QueuePriority priority : this.priorities) {
			Instant oldest = priority.oldestReadyAt();
			boolean isFirst = priority == this.priorities.get(0);
			if (oldest != null && !isFirst && (higher == null || oldest.isBefore(higher))
					&& (overtaken == null || oldest.isBefore(overtaken))) {
				overtaken = oldest;
			}
			if (oldest != null && (higher == null || oldest.isBefore(higher))) {
				higher = oldest;
			}
		}
		return overtaken;
	}

	/**
	 * Whether no node starts its jobs.
	 * @return whether it is paused
	 */
	public boolean isPaused() {
		return this.pausedAt != null;
	}

	/**
	 * What bounds a queue over all nodes.
	 *
	 * @param limit how many of its jobs all nodes together run at the same time
	 * @param set whether {@link JobOperations#setFleetConcurrency} says so, rather than
	 * the configuration of a node
	 * @param slots how many of these slots nodes have taken, for jobs that run or are
	 * about to
	 */
	public record FleetUse(int limit, boolean set, int slots) {
	}

}
